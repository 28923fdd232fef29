package org.enclosure.cli;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The members of one object of a file that the user wrote. What nobody asked for is an error, so that a typing mistake is never ignored.
///
/// Every method throws [UnusableInput] if a member is absent or not of the kind asked for.
public final class Members {
    private final String place;
    private final JsonNode node;
    private final List<String> known = new ArrayList<>();

    private Members(String place, JsonNode node) {
        this.place = place;
        this.node = node;
    }

    /// The members of a node.
    ///
    /// @param place what to call it in messages
    /// @throws UnusableInput if it is no object
    public static Members of(String place, JsonNode node) {
        if (!node.isObject()) {
            throw new UnusableInput(place + " is not a map");
        }
        return new Members(place, node);
    }

    /// The member, or null if it is absent or null.
    public @Nullable JsonNode optional(String name) {
        known.add(name);
        JsonNode member = node.get(name);
        return member == null || member.isNull() ? null : member;
    }

    /// The member.
    public JsonNode required(String name) {
        JsonNode member = optional(name);
        if (member == null) {
            throw new UnusableInput(place + " has no '" + name + "'");
        }
        return member;
    }

    /// A text that is not empty.
    public String text(String name) {
        JsonNode member = required(name);
        if (!member.isString() || member.stringValue().isEmpty()) {
            throw new UnusableInput(place + ": '" + name + "' is not a text");
        }
        return member.stringValue();
    }

    /// A number of up to 64 bits, as its register holds it, or a fallback if there is none.
    public long number(String name, long fallback) {
        JsonNode member = optional(name);
        return member == null ? fallback : number(name, member);
    }

    /// A number of up to 64 bits, as its register holds it.
    public long number(String name) {
        return number(name, required(name));
    }

    private long number(String name, JsonNode member) {
        String where = place + "." + name;
        return Value.of(where, member).pattern(where);
    }

    /// True or false: a boolean, or 0 or 1.
    public boolean flag(String name, boolean fallback) {
        JsonNode member = optional(name);
        if (member == null) {
            return fallback;
        }
        if (member.isBoolean()) {
            return member.booleanValue();
        }
        long number = number(name, member);
        if (number != 0 && number != 1) {
            throw new UnusableInput(place + "." + name + " " + number + " is neither true nor false");
        }
        return number == 1;
    }

    /// The elements of a list; none if there is no such member.
    public List<JsonNode> list(String name) {
        JsonNode member = optional(name);
        if (member == null) {
            return List.of();
        }
        if (!member.isArray()) {
            throw new UnusableInput(place + "." + name + " is not a list");
        }
        List<JsonNode> elements = new ArrayList<>();
        member.forEach(elements::add);
        return elements;
    }

    /// Checks that every member was asked for.
    ///
    /// @throws UnusableInput naming one that was not, and those that were
    public void nothingElse() {
        for (String name : node.propertyNames()) {
            if (!known.contains(name)) {
                throw new UnusableInput(place + " has an unknown member " + Escape.quote(name) + "; known are "
                        + String.join(", ", known));
            }
        }
    }
}
