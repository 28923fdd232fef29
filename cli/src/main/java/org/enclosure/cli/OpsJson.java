package org.enclosure.cli;

import java.util.List;
import java.util.Locale;

import org.enclosure.spi.Operation;
import org.enclosure.spi.Operation.Field;
import org.enclosure.spi.Operation.StatusName;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// A platform's operations as JSON.
final class OpsJson {
    private OpsJson() {
    }

    static ObjectNode of(String arch, List<Operation> operations) {
        ObjectNode root = Json.object();
        root.put("arch", arch);
        ArrayNode list = root.putArray("operations");
        for (Operation operation : operations) {
            ObjectNode node = list.addObject();
            node.put("name", operation.name());
            node.put("number", operation.number());
            node.put("effect", operation.effect().name().toLowerCase(Locale.ROOT));
            fields(node.putArray("in"), operation.in());
            fields(node.putArray("out"), operation.out());
            ArrayNode statuses = node.putArray("statuses");
            for (StatusName status : operation.statuses()) {
                statuses.addObject().put("name", status.name()).put("value", "0x" + Long.toHexString(status.value()));
            }
            node.put("source", operation.source());
        }
        return root;
    }

    private static void fields(ArrayNode array, List<Field> fields) {
        for (Field field : fields) {
            array.addObject().put("name", field.name()).put("bits", field.bits()).put("meaning", field.meaning());
        }
    }
}
