package org.enclosure.core.machine;

import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.policy.PolicyKey;
import org.enclosure.api.policy.PolicySet;
import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmTraits;
import org.jspecify.annotations.Nullable;

/// The policies of one VM, completed by its type's defaults and checked against its traits.
public final class PolicyChoices {
    /// What becomes of bytes after a conversion.
    public enum After {
        /// Nothing is done.
        KEEP,
        /// The page is zeroed before its next use.
        ZERO,
        /// The unused half goes back.
        DISCARD,
        /// The page is overwritten with a pattern.
        SCRAMBLE
    }

    /// By which door pages change their kind.
    public enum Convert {
        /// The call on the store.
        STORE,
        /// The VM's attribute call.
        ATTRIBUTES,
        /// The calls that register regions.
        REGION,
        /// At entry; a held page is told to the guest.
        VCPU_1,
        /// At entry; a held page makes the vCPU exit again.
        VCPU_2A,
        /// At entry; a held page is taken from the guest, which runs on.
        VCPU_2B,
        /// As 2B, and the last reference completes it.
        PENDING;

        /// Whether the guest's request is carried out when its vCPU enters again.
        public boolean isAtEntry() {
            return compareTo(VCPU_1) >= 0;
        }

        /// Whether the guest runs on while the host holds a page that it has asked back.
        public boolean isDeferred() {
            return compareTo(VCPU_2B) >= 0;
        }
    }

    private final Map<PolicyKey, String> values;
    private final Convert convert;
    private final After after;
    private final boolean unmapsEarly;
    private final boolean allowsAliases;
    private final boolean exitsOnRequest;

    /// Completes and checks.
    ///
    /// @param typeName for messages
    /// @throws GuestMemoryException EINVAL if the traits forbid a choice
    public PolicyChoices(PolicySet chosen, String typeName, VmTraits traits) {
        EnumMap<PolicyKey, String> complete = new EnumMap<>(PolicyKey.class);
        complete.putAll(chosen.chosen());
        chosen.chosen().forEach((key, value) -> check(key, value, typeName, traits));
        chosen.chosen().forEach((key, value) -> PolicyRules.check(key, value, complete));
        for (PolicyKey key : PolicyKey.values()) {
            if (!complete.containsKey(key)) {
                complete.put(key, defaultOf(key, traits, complete));
            }
        }
        values = Map.copyOf(complete);
        allowsAliases = is(PolicyKey.ALIASES, "allow");
        convert = Convert.valueOf(of(PolicyKey.CONVERT));
        after = After.valueOf(of(PolicyKey.AFTER));
        unmapsEarly = is(PolicyKey.UNMAP, "early");
        exitsOnRequest = !is(PolicyKey.STATUS, "list");
    }

    /// The default of a key for a VM type: its first value that is legal and goes with what is chosen.
    private static String defaultOf(PolicyKey key, VmTraits traits, Map<PolicyKey, String> others) {
        for (String value : key.legalValues()) {
            if (refusal(key, value, traits) == null && PolicyRules.clash(key, value, others) == null) {
                return value;
            }
        }
        throw new AssertionError("no legal value of policy " + key.key() + " for traits " + traits);
    }

    private String of(PolicyKey key) {
        return String.valueOf(values.get(key)).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    /// Why the traits forbid a choice, or null if they allow it.
    public static @Nullable String refusal(PolicyKey key, String value, VmTraits traits) {
        boolean hasPrivate = traits.has(VmTrait.PRIVATE_MEMORY);
        return switch (key) {
            case BACKING -> value.equals("split") && hasPrivate && !traits.has(VmTrait.SPLIT_BACKING)
                    ? "the type lacks SPLIT_BACKING" : null;
            case PAYLOAD -> payloadRefusal(value, traits);
            case TRIGGER -> value.equals("both") && hasPrivate && !traits.has(VmTrait.ADDRESS_TELLS_KIND)
                    ? "no access tells its kind: the type lacks ADDRESS_TELLS_KIND" : null;
            case AFTER -> value.equals("discard") && traits.has(VmTrait.FRAME_STAYS)
                    ? "the frame stays: the type has FRAME_STAYS" : null;
            case PAGE -> pageLevel(value) > traits.maxLevel() ? "the largest mapping of the type is of level "
                    + traits.maxLevel() : null;
            case ALLOC, TABLE, CONVERT, STATUS, UNMAP, PROFILE, PRIVATE_LOG, SHARED_ALLOC -> null;
            case SLOTS -> slotsRefusal(value, traits);
            case ALIASES ->
                value.equals("allow") && hasPrivate && !(traits.engineOwns(true) && traits.engineOwns(false))
                        ? "the tables of the type are not the engine's" : null;
            case REBOOT -> value.equals("guest") && !hasPrivate ? "the type has no private memory to give back" : null;
        };
    }

    private static @Nullable String slotsRefusal(String value, VmTraits traits) {
        return value.equals("two-stores") && !traits.has(VmTrait.SPLIT_BACKING) ? "the type lacks SPLIT_BACKING" : null;
    }

    private static @Nullable String payloadRefusal(String value, VmTraits traits) {
        VmTrait needed = value.equals("copy") ? VmTrait.COPIED_PAYLOAD : VmTrait.IN_PLACE_PAYLOAD;
        boolean free = !traits.has(VmTrait.PRIVATE_MEMORY);
        return free || traits.has(needed) ? null : "the type lacks " + needed;
    }

    private static void check(PolicyKey key, String value, String typeName, VmTraits traits) {
        String why = refusal(key, value, traits);
        if (why != null) {
            throw new GuestMemoryException(Errno.EINVAL,
                    "policy " + key.key() + "=" + value + " is not legal for VM type "
                            + typeName + ": " + why + "; legal: " + String.join(", ", legal(key, traits)));
        }
    }

    /// The values of a key that a VM type allows, the default first.
    public static List<String> legal(PolicyKey key, VmTraits traits) {
        return key.legalValues().stream().filter(value -> refusal(key, value, traits) == null).toList();
    }

    /// All choices.
    public Map<PolicyKey, String> values() {
        return values;
    }

    private boolean is(PolicyKey key, String value) {
        return value.equals(values.get(key));
    }

    /// Whether the two halves have frames of their own.
    public boolean isSplit() {
        return is(PolicyKey.BACKING, "split");
    }

    /// Whether the shared half may be the mapping of a second store.
    public boolean hasTwoStores() {
        return is(PolicyKey.SLOTS, "two-stores");
    }

    /// Whether slots may have a mapping of the host.
    public boolean takesMappings() {
        return !is(PolicyKey.SLOTS, "gmem");
    }

    /// Whether slots may have a store.
    public boolean takesStores() {
        return !is(PolicyKey.SLOTS, "hva");
    }

    /// Whether an access in the wrong kind converts.
    public boolean convertsOnFault() {
        return is(PolicyKey.TRIGGER, "both");
    }

    /// Whether memory is allocated when it is added.
    public boolean allocatesEarly() {
        return is(PolicyKey.ALLOC, "prealloc");
    }

    /// Whether a page enters the tables when it becomes private.
    public boolean mapsAtConversion() {
        return is(PolicyKey.TABLE, "conversion");
    }

    /// Whether the payload is measured where it lies.
    public boolean hasPayloadInPlace() {
        return is(PolicyKey.PAYLOAD, "in-place");
    }

    /// What becomes of bytes after a conversion.
    public After after() {
        return after;
    }

    /// By which door pages change their kind.
    public Convert convert() {
        return convert;
    }

    /// Whether a page that the guest takes back is unmapped before the exit.
    public boolean unmapsEarly() {
        return unmapsEarly;
    }

    /// Whether the guest's requests exit to the VMM.
    public boolean exitsOnRequest() {
        return exitsOnRequest;
    }

    /// Whether the engine answers what is shared from its own record.
    public boolean keepsList() {
        return is(PolicyKey.STATUS, "list") || is(PolicyKey.STATUS, "both");
    }

    /// Whether what is shared is found out by a walk of the architecture's tables.
    public boolean walksTables() {
        return is(PolicyKey.STATUS, "table");
    }

    /// Whether the guest makes its memory private again after a reboot.
    public boolean isResetByGuest() {
        return is(PolicyKey.REBOOT, "guest");
    }

    /// Whether the engine makes all memory private at a reboot.
    public boolean isResetByEngine() {
        return is(PolicyKey.REBOOT, "engine");
    }

    /// Whether a page of a store can be bound more than once.
    public boolean allowsAliases() {
        return allowsAliases;
    }

    /// Whether pages of the shared half are allocated by an explicit call alone.
    public boolean allocatesSharedExplicitly() {
        return is(PolicyKey.SHARED_ALLOC, "explicit");
    }

    /// Whether writes to the pages of stores are recorded.
    public boolean logsStores() {
        return is(PolicyKey.PRIVATE_LOG, "on");
    }

    /// Whose error numbers.
    public KernelProfile profile() {
        return KernelProfile.of(String.valueOf(values.get(PolicyKey.PROFILE)));
    }

    /// The largest mapping level.
    public int maxLevel() {
        return pageLevel(String.valueOf(values.get(PolicyKey.PAGE)));
    }

    private static int pageLevel(String value) {
        return switch (value) {
            case "4k" -> Paging.LEVEL_4K;
            case "2m" -> Paging.LEVEL_2M;
            default -> Paging.LEVEL_1G;
        };
    }
}
