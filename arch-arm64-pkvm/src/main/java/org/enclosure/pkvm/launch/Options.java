package org.enclosure.pkvm.launch;

import java.util.Map;
import java.util.Set;

/// The check of option names that all factories share.
public final class Options {
    private Options() {
    }

    /// Refuses every option that is not in `known`.
    ///
    /// @param of whose options they are, for the message
    /// @throws IllegalArgumentException naming the unknown option and the legal ones
    public static void checkNames(String of, Map<String, String> options, Set<String> known) {
        for (String name : options.keySet()) {
            if (!known.contains(name)) {
                throw new IllegalArgumentException("option " + name + " of " + of + " is not known; legal: "
                        + (known.isEmpty() ? "none" : String.join(", ", known)));
            }
        }
    }
}
