package org.enclosure.cli;

import java.util.ArrayList;
import java.util.List;

/// Values of an option that may be repeated and may hold several, separated by commas.
final class CommaSeparated {
    private CommaSeparated() {
    }

    /// All of them, in the order in which they were written.
    ///
    /// @throws UnusableInput if one is blank
    static List<String> parts(String option, List<String> values) {
        List<String> parts = new ArrayList<>();
        for (String value : values) {
            for (String part : value.split(",", -1)) {
                if (part.isBlank()) {
                    throw new UnusableInput(option + " " + Escape.quote(value) + " has an empty part");
                }
                parts.add(part);
            }
        }
        return parts;
    }
}
