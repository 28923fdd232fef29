package org.enclosure.cli.verify.snp;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.cli.verify.Fields;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.BooleanNode;
import tools.jackson.databind.node.IntNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/// Cases with one value changed each: for each key of a section, in the first cases that have it.
final class Mutations {
    private static final int EACH = 2;
    /// Names of cases.
    private static final Set<String> NAMES = Set.of("id", "name", "what");

    private final String idKey;
    private final Map<String, Integer> seen = new HashMap<>();
    private final List<ObjectNode> cases = new ArrayList<>();

    private Mutations(String idKey) {
        this.idKey = idKey;
    }

    /// The changed cases of a list; each is named by the path of its change.
    static List<ObjectNode> of(JsonNode list, String idKey) {
        Mutations mutations = new Mutations(idKey);
        for (JsonNode one : list) {
            mutations.collect(one, one, "", "");
        }
        return mutations.cases;
    }

    private void collect(JsonNode root, JsonNode node, String pointer, String shape) {
        if (node.isObject()) {
            for (String key : node.propertyNames()) {
                boolean isName = NAMES.contains(key) || Fields.DESCRIBING.contains(key);
                if (!isName) {
                    collect(root, node.path(key), pointer + "/" + key.replace("~", "~0").replace("/", "~1"),
                            shape + "/" + key.replaceAll("^(0x)?[0-9a-f]+$", "#"));
                }
            }
        } else if (node.isArray()) {
            for (int i = 0; i < node.size(); i++) {
                collect(root, node.path(i), pointer + "/" + i, shape + "/#");
            }
        } else if (seen.merge(shape, 1, Integer::sum) <= EACH) {
            cases.add(changed(root, pointer, node));
        }
    }

    private ObjectNode changed(JsonNode root, String pointer, JsonNode value) {
        ObjectNode copy = (ObjectNode) root.deepCopy();
        int last = pointer.lastIndexOf('/');
        JsonNode parent = copy.at(pointer.substring(0, last));
        String key = pointer.substring(last + 1).replace("~1", "/").replace("~0", "~");
        if (parent instanceof ArrayNode array) {
            array.set(Integer.parseInt(key), other(value));
        } else {
            ((ObjectNode) parent).set(key, other(value));
        }
        copy.put(idKey, root.path(idKey).asString("") + pointer);
        return copy;
    }

    private static JsonNode other(JsonNode value) {
        if (value.isBoolean()) {
            return BooleanNode.valueOf(!value.booleanValue());
        }
        if (value.isIntegralNumber()) {
            return IntNode.valueOf(value.intValue() == 0 ? 1 : 0);
        }
        if (value.isNull()) {
            return StringNode.valueOf("0x1");
        }
        return StringNode.valueOf(other(value.stringValue()));
    }

    private static String other(String text) {
        if (text.matches("0x[0-9a-f]+")) {
            return "0x" + Long.toHexString(Long.parseUnsignedLong(text, 2, text.length(), 16) ^ 0x1000);
        }
        if (text.matches("([0-9a-f]{2})+")) {
            return text.substring(0, text.length() - 1) + (text.endsWith("0") ? "1" : "0");
        }
        return text + "x";
    }
}
