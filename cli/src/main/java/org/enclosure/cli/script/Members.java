package org.enclosure.cli.script;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.cli.Escape;
import org.enclosure.cli.UnusableInput;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The members of one object of a script. What nobody asked for is an error, so that a typing mistake is never ignored.
final class Members {
    private final String place;
    private final JsonNode node;
    private final List<String> known = new ArrayList<>();

    private Members(String place, JsonNode node) {
        this.place = place;
        this.node = node;
    }

    static Members of(String place, JsonNode node) {
        if (!node.isObject()) {
            throw new UnusableInput(place + " is not a map");
        }
        return new Members(place, node);
    }

    /// The member, or null if it is absent or null.
    @Nullable
    JsonNode optional(String name) {
        known.add(name);
        JsonNode member = node.get(name);
        return member == null || member.isNull() ? null : member;
    }

    JsonNode required(String name) {
        JsonNode member = optional(name);
        if (member == null) {
            throw new UnusableInput(place + " has no '" + name + "'");
        }
        return member;
    }

    String text(String name) {
        JsonNode member = required(name);
        if (!member.isString() || member.stringValue().isEmpty()) {
            throw new UnusableInput(place + ": '" + name + "' is not a text");
        }
        return member.stringValue();
    }

    /// Checks that every member was asked for.
    void nothingElse() {
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                throw new UnusableInput(place + " has an unknown member " + Escape.quote(name) + "; known are "
                        + String.join(", ", known));
            }
        }
    }
}
