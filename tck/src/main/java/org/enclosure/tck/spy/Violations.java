package org.enclosure.tck.spy;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/// Rules that a plugin broke. Any thread.
public final class Violations {
    private static final int MOST = 32;

    private final List<String> found = new CopyOnWriteArrayList<>();

    /// Creates an empty list.
    public Violations() {
    }

    /// Notes that a rule does not hold.
    ///
    /// @param rule its number
    public void add(String rule, String sentence) {
        if (found.size() < MOST) {
            found.add(rule + ": " + sentence);
        }
    }

    /// Fails the test if a rule was broken.
    public void assertNone() {
        if (!found.isEmpty()) {
            throw new AssertionError(String.join("\n", List.copyOf(found)));
        }
    }
}
