package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.apiguardian.api.API;

/// The check that every plugin makes of the options that it is given: one that it does not know is refused, never passed over.
@API(status = EXPERIMENTAL, since = "0.1")
public final class OptionNames {
    private OptionNames() {
    }

    /// Refuses every option that is not legal. Called by plugins, on any thread; keeps nothing.
    ///
    /// @param of whose options they are, for the message
    /// @param legal the names that there are
    /// @throws IllegalArgumentException naming the first unknown option and the legal ones, in alphabetical order
    public static void check(String of, Map<String, String> options, Set<String> legal) {
        for (String name : new TreeSet<>(options.keySet())) {
            if (!legal.contains(name)) {
                throw new IllegalArgumentException("option " + name + " of " + of + " is not known; legal: "
                        + (legal.isEmpty() ? "none" : String.join(", ", new TreeSet<>(legal))));
            }
        }
    }
}
