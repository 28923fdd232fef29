package org.enclosure.api.policy;

import static org.apiguardian.api.API.Status.STABLE;

import java.util.Arrays;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.apiguardian.api.API;
import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;

/// The choices made for one VM. Immutable. What is not chosen is the VM type's default.
@API(status = STABLE, since = "0.1")
public final class PolicySet {
    private static final PolicySet EMPTY = new PolicySet(new EnumMap<>(PolicyKey.class));

    private final Map<PolicyKey, String> chosen;

    private PolicySet(EnumMap<PolicyKey, String> chosen) {
        this.chosen = Collections.unmodifiableMap(chosen);
    }

    /// No choice made.
    public static PolicySet defaults() {
        return EMPTY;
    }

    /// This set with one choice made or changed.
    ///
    /// @throws GuestMemoryException EINVAL if the value is none of the key's
    public PolicySet with(PolicyKey key, String value) {
        if (!key.legalValues().contains(value)) {
            throw new GuestMemoryException(Errno.EINVAL,
                    "policy " + key.key() + "=" + value + " is not known; legal: "
                            + String.join(", ", key.legalValues()));
        }
        EnumMap<PolicyKey, String> next = new EnumMap<>(PolicyKey.class);
        next.putAll(chosen);
        next.put(key, value);
        return new PolicySet(next);
    }

    /// This set with the choice `key=value` of a command line.
    ///
    /// @throws GuestMemoryException EINVAL if key or value is not known
    public PolicySet with(String keyAndValue) {
        int equals = keyAndValue.indexOf('=');
        String name = equals < 0 ? keyAndValue : keyAndValue.substring(0, equals);
        for (PolicyKey key : PolicyKey.values()) {
            if (equals >= 0 && key.key().equals(name)) {
                return with(key, keyAndValue.substring(equals + 1).toLowerCase(Locale.ROOT));
            }
        }
        throw new GuestMemoryException(Errno.EINVAL,
                "policy '" + keyAndValue + "' is not key=value with a known key; keys: "
                        + Arrays.stream(PolicyKey.values()).map(PolicyKey::key).collect(Collectors.joining(", ")));
    }

    /// The choices made, by key.
    public Map<PolicyKey, String> chosen() {
        return chosen;
    }

    @Override
    public String toString() {
        return chosen.toString();
    }
}
