package org.enclosure.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Checks JSON against the published schemas. Knows the keywords that those use, and fails at any other.
final class SchemaCheck {
    private static final List<String> DESCRIBING = List.of("$schema", "$id", "$defs", "title", "description", "default",
            "examples");
    private static final JsonMapper MAPPER = JsonMapper.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    private final JsonNode root;
    private final List<String> wrong = new ArrayList<>();

    private SchemaCheck(JsonNode root) {
        this.root = root;
    }

    /// Fails unless the text is one JSON value that the schema of that name in `docs/` describes.
    static void assertValid(String schema, String json) {
        assertEquals(List.of(), errors(schema, MAPPER.readTree(json)), () -> "against " + schema + ": " + json);
    }

    static List<String> errors(String schema, JsonNode json) {
        JsonNode root = MAPPER.readTree(Path.of("..", "docs", schema).toFile());
        SchemaCheck check = new SchemaCheck(root);
        check.check("$", root, json);
        return check.wrong;
    }

    private void check(String at, JsonNode schema, JsonNode json) {
        for (Map.Entry<String, JsonNode> rule : schema.properties()) {
            JsonNode value = rule.getValue();
            switch (rule.getKey()) {
                case "$ref" -> check(at, root.at(value.stringValue().substring(1)), json);
                case "type" -> require(hasType(value, json), at + " is not " + value);
                case "enum" -> require(value.valueStream().anyMatch(json::equals), at + " is not one of " + value);
                case "pattern" ->
                    require(!json.isString() || Pattern.compile(value.stringValue()).matcher(json.stringValue()).find(),
                            at + " does not match " + value);
                case "minimum" ->
                    require(!json.isNumber() || json.doubleValue() >= value.doubleValue(), at + " is below " + value);
                case "minItems" ->
                    require(!json.isArray() || json.size() >= value.intValue(), at + " has fewer items than " + value);
                case "required" -> value.forEach(
                        name -> require(!json.isObject() || json.has(name.stringValue()), at + " has no " + name));
                case "items" -> checkItems(at, value, json);
                case "anyOf" ->
                    require(value.valueStream().anyMatch(one -> fits(one, json)), at + " fits none of " + value);
                case "properties", "additionalProperties" -> checkMembers(at, schema, json);
                default -> require(DESCRIBING.contains(rule.getKey()), "unknown keyword " + rule.getKey());
            }
        }
    }

    private void checkItems(String at, JsonNode schema, JsonNode json) {
        for (int i = 0; json.isArray() && i < json.size(); i++) {
            check(at + "[" + i + "]", schema, json.get(i));
        }
    }

    private void checkMembers(String at, JsonNode schema, JsonNode json) {
        JsonNode others = schema.path("additionalProperties");
        for (Map.Entry<String, JsonNode> member : json.properties()) {
            JsonNode known = schema.path("properties").path(member.getKey());
            if (!known.isMissingNode()) {
                check(at + "." + member.getKey(), known, member.getValue());
            } else if (others.isObject()) {
                check(at + "." + member.getKey(), others, member.getValue());
            } else {
                require(!others.isBoolean() || others.booleanValue(), at + " has an unknown member " + member.getKey());
            }
        }
    }

    private boolean fits(JsonNode schema, JsonNode json) {
        SchemaCheck check = new SchemaCheck(root);
        check.check("$", schema, json);
        return check.wrong.isEmpty();
    }

    private void require(boolean holds, String otherwise) {
        if (!holds) {
            wrong.add(otherwise);
        }
    }

    private static boolean hasType(JsonNode type, JsonNode json) {
        if (type.isArray()) {
            return type.valueStream().anyMatch(one -> hasType(one, json));
        }
        return switch (type.stringValue()) {
            case "object" -> json.isObject();
            case "array" -> json.isArray();
            case "string" -> json.isString();
            case "boolean" -> json.isBoolean();
            case "null" -> json.isNull();
            case "integer" -> json.isIntegralNumber();
            case "number" -> json.isNumber();
            default -> throw new AssertionError("unknown type " + type);
        };
    }
}
