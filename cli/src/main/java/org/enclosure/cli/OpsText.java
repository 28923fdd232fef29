package org.enclosure.cli;

import java.util.List;

import org.enclosure.spi.Operation;
import org.enclosure.spi.Operation.Effect;
import org.enclosure.spi.Operation.Field;
import org.enclosure.spi.Operation.StatusName;

/// A platform's operations for people, grouped by effect.
final class OpsText {
    private OpsText() {
    }

    static String of(String arch, List<Operation> operations) {
        StringBuilder text = new StringBuilder(Escape.visible(arch)).append(": ").append(operations.size())
                .append(" operations\n");
        for (Effect effect : Effect.values()) {
            List<Operation> group = operations.stream().filter(operation -> operation.effect() == effect).toList();
            if (!group.isEmpty()) {
                text.append('\n').append(heading(effect)).append('\n');
                group.forEach(operation -> append(text, operation));
            }
        }
        return text.toString().stripTrailing();
    }

    private static String heading(Effect effect) {
        return switch (effect) {
            case READS -> "READS - changes nothing";
            case CHANGES -> "CHANGES - changes the machine's tables or memory";
            case ENTERS -> "ENTERS - runs a vCPU";
            case TEST -> "TEST - white-box state, or the environment that a test sets up";
        };
    }

    private static void append(StringBuilder text, Operation operation) {
        String number = operation.number() < 0 ? "" : "  number 0x" + Long.toHexString(operation.number());
        text.append("  ").append(Escape.visible(operation.name())).append(number).append("  [")
                .append(Escape.visible(operation.source())).append("]\n");
        TextTable table = new TextTable("    ");
        fields(table, "in", operation.in());
        fields(table, "out", operation.out());
        table.appendTo(text);
        if (!operation.statuses().isEmpty()) {
            text.append("    status  ")
                    .append(Escape
                            .visible(String.join(", ", operation.statuses().stream().map(OpsText::status).toList())))
                    .append('\n');
        }
    }

    private static void fields(TextTable table, String kind, List<Field> fields) {
        for (Field field : fields) {
            table.row(kind, field.name(), field.bits() == 0 ? "bytes" : field.bits() + " bits", field.meaning());
        }
    }

    private static String status(StatusName status) {
        return status.name() + "=" + (status.value() < 0 && status.value() > -4096 ? Long.toString(status.value())
                : "0x" + Long.toHexString(status.value()));
    }
}
