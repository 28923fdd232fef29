package org.enclosure.cli;

import tools.jackson.databind.JsonNode;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// JSON out. A class of its own, so that Jackson is loaded only by who asks for JSON.
public final class Json {
    private static final JsonMapper MAPPER = JsonMapper.builder().enable(SerializationFeature.INDENT_OUTPUT).build();

    private Json() {
    }

    /// An empty object; members keep the order in which they are set.
    public static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    /// An array of strings.
    public static ArrayNode strings(Iterable<String> values) {
        ArrayNode array = MAPPER.createArrayNode();
        values.forEach(array::add);
        return array;
    }

    /// The text of a node, indented, without a line end.
    public static String text(JsonNode node) {
        return MAPPER.writeValueAsString(node);
    }
}
