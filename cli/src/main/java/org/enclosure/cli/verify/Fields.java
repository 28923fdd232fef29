package org.enclosure.cli.verify;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// The members of one object of a vector file. Remembers which were asked for, so that [#nothingElse()] finds the others.
///
/// Every method throws [CaseFailure] if a member is absent or not of the kind asked for.
public final class Fields {
    /// Keys that describe and mean nothing to a machine, on every level.
    public static final Set<String> DESCRIBING = Set.of("meta", "title", "provenance", "format", "set", "facts_source",
            "conventions", "note", "desc", "description", "source", "computed_by", "confidence");

    private final JsonNode node;
    private final Set<String> known = new LinkedHashSet<>();

    private Fields(JsonNode node) {
        this.node = node;
    }

    /// The members of a node.
    ///
    /// @param place what to call it in messages
    /// @throws CaseFailure if it is no object
    public static Fields of(String place, JsonNode node) {
        if (!node.isObject()) {
            throw new CaseFailure(place + " is not an object");
        }
        return new Fields(node);
    }

    /// The names of all members, in the file's order.
    public List<String> names() {
        return List.copyOf(node.propertyNames());
    }

    /// Whether there is a member of this name, null included. Does not count as asked for.
    public boolean has(String name) {
        return node.has(name);
    }

    /// The member; a JSON null is itself a value here.
    public JsonNode node(String name) {
        JsonNode member = optional(name);
        if (member == null) {
            throw new CaseFailure("'" + name + "' is missing");
        }
        return member;
    }

    /// The member, or null if it is absent.
    public @Nullable JsonNode optional(String name) {
        known.add(name);
        return node.get(name);
    }

    /// A text.
    public String text(String name) {
        JsonNode member = node(name);
        if (!member.isString()) {
            throw new CaseFailure("'" + name + "' is not a text");
        }
        return member.stringValue();
    }

    /// A text, or a fallback if there is none.
    public String text(String name, String fallback) {
        return has(name) ? text(name) : fallback;
    }

    /// A number of up to 64 bits: an integer, or a text in decimal or `0x` form. Above 2^63 it is the register's pattern.
    public long number(String name) {
        return Numbers.parse(name, node(name));
    }

    /// A number, or a fallback if there is none.
    public long number(String name, long fallback) {
        return has(name) ? number(name) : fallback;
    }

    /// True or false: a boolean, or 0 or 1.
    public boolean flag(String name) {
        JsonNode member = node(name);
        if (member.isBoolean()) {
            return member.booleanValue();
        }
        long number = Numbers.parse(name, member);
        if (number != 0 && number != 1) {
            throw new CaseFailure("'" + name + "' is neither true nor false");
        }
        return number == 1;
    }

    /// True or false, or a fallback if there is none.
    public boolean flag(String name, boolean fallback) {
        return has(name) ? flag(name) : fallback;
    }

    /// Bytes as hex digits, two a byte.
    public byte[] bytes(String name) {
        String text = text(name);
        try {
            return HexFormat.of().parseHex(text.startsWith("0x") ? text.substring(2) : text);
        } catch (IllegalArgumentException e) {
            throw new CaseFailure("'" + name + "' is not bytes in hex");
        }
    }

    /// An object.
    public Fields fields(String name) {
        return of("'" + name + "'", node(name));
    }

    /// The elements of a list.
    public List<JsonNode> list(String name) {
        JsonNode member = node(name);
        if (!member.isArray()) {
            throw new CaseFailure("'" + name + "' is not a list");
        }
        List<JsonNode> elements = new ArrayList<>();
        member.forEach(elements::add);
        return elements;
    }

    /// Counts these as asked for: what they say is checked elsewhere.
    public Fields ignore(String... names) {
        known.addAll(List.of(names));
        return this;
    }

    /// Checks that every member was asked for or only describes.
    ///
    /// @throws CaseFailure with the name of the first that was not
    public void nothingElse() {
        for (String name : node.propertyNames()) {
            if (!known.contains(name) && !DESCRIBING.contains(name)) {
                throw CaseFailure.unknown(name);
            }
        }
    }
}
