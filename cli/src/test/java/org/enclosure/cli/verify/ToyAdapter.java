package org.enclosure.cli.verify;

import java.util.List;
import java.util.Set;

import org.enclosure.cli.script.MachineOptions;
import tools.jackson.databind.JsonNode;

/// Sections of the toy machine: sums, and files that nobody has.
final class ToyAdapter implements VectorAdapter {
    @Override
    public String architecture() {
        return "toy";
    }

    @Override
    public Set<String> sections() {
        return Set.of("sums", "absent", "broken");
    }

    @Override
    public List<VectorCase> cases(String section, JsonNode node, JsonNode document) {
        return Cases.of(section, node, switch (section) {
            case "sums" -> ToyAdapter::sum;
            case "absent" -> (fields, machines) -> {
                throw new CaseSkipped("needs " + fields.text("needs"));
            };
            default -> (fields, machines) -> {
                throw new IllegalStateException("the plugin broke");
            };
        });
    }

    private static void sum(Fields fields, Machines machines) {
        Invocation add = new Operations(machines.open(MachineOptions.defaults()).operations())
                .call(fields.text("op", "CALC.ADD")).in("a", fields.number("a")).in("b", fields.number("b"));
        add.invoke();
        long expected = fields.number("sum");
        if (add.out("sum") != expected) {
            throw CaseFailure.difference("CALC.ADD", "sum", Numbers.show(expected), Numbers.show(add.out("sum")));
        }
    }
}
