package org.enclosure.core.machine;

import java.util.Map;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.policy.PolicyKey;
import org.jspecify.annotations.Nullable;

/// Values of two keys that do not go together, whatever the VM type. See `docs/policies.md`.
final class PolicyRules {
    private PolicyRules() {
    }

    /// Refuses a choice that does not go with another.
    ///
    /// @throws GuestMemoryException EINVAL
    static void check(PolicyKey key, String value, Map<PolicyKey, String> others) {
        String why = clash(key, value, others);
        if (why != null) {
            throw new GuestMemoryException(Errno.EINVAL, "policy " + key.key() + "=" + value + " " + why);
        }
    }

    /// Why a value does not go with those of other keys, or null. Keys without a value clash with nothing.
    static @Nullable String clash(PolicyKey key, String value, Map<PolicyKey, String> others) {
        return switch (key) {
            case CONVERT -> !keptByVm(value) && "split".equals(others.get(PolicyKey.BACKING))
                    ? "needs backing=in-place; with backing=split legal: attributes, region" : null;
            case BACKING -> slotsClash(others.get(PolicyKey.SLOTS), value);
            case SLOTS -> slotsClash(value, others.get(PolicyKey.BACKING));
            case REBOOT -> value.equals("vmm") && isAtEntry(others.get(PolicyKey.CONVERT))
                    ? "needs a call of the VMM that converts; with convert=" + others.get(PolicyKey.CONVERT)
                            + " legal: guest, engine"
                    : null;
            case ALIASES -> value.equals("allow") ? aliasClash(others) : null;
            case SHARED_ALLOC -> value.equals("explicit") && !"split".equals(others.get(PolicyKey.BACKING))
                    ? "needs backing=split: in place there is one page for both halves" : null;
            default -> null;
        };
    }

    private static @Nullable String slotsClash(@Nullable String slots, @Nullable String backing) {
        boolean twoStores = "two-stores".equals(slots);
        boolean clashes = backing != null && (twoStores && backing.equals("in-place")
                || "gmem".equals(slots) && backing.equals("split"));
        return clashes ? "does not go together: slots=" + slots + " needs backing=" + (twoStores ? "split" : "in-place")
                : null;
    }

    /// With split backing a kind belongs to a guest address, so that one page would have two; what is put off holds one
    /// address back.
    private static @Nullable String aliasClash(Map<PolicyKey, String> others) {
        if ("split".equals(others.get(PolicyKey.BACKING))) {
            return "needs backing=in-place";
        }
        String convert = others.get(PolicyKey.CONVERT);
        return "pending".equals(convert) || "vcpu-2b".equals(convert) ? "does not go with convert=" + convert : null;
    }

    /// Whether the door is by guest address, which both backings have.
    private static boolean keptByVm(String convert) {
        return convert.equals("attributes") || convert.equals("region");
    }

    private static boolean isAtEntry(@Nullable String convert) {
        return convert != null && (convert.startsWith("vcpu-") || convert.equals("pending"));
    }
}
