package org.enclosure.cli.script;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.cli.Escape;
import org.enclosure.cli.UnusableInput;
import org.enclosure.cli.Value;
import org.enclosure.spi.Operation;
import org.enclosure.spi.Operation.Field;
import org.enclosure.spi.Operation.StatusName;

/// Binds a script's names and values to a platform's operations, before the first of them runs.
final class Binder {
    private static final int SUGGESTIONS = 3;
    private static final Field STATUS_FIELD = new Field(Expectation.STATUS, 64, "the answer");

    private final Map<String, Operation> operations = new HashMap<>();

    /// A binder for these operations.
    Binder(List<Operation> list) {
        for (Operation operation : list) {
            operations.put(operation.name(), operation);
        }
    }

    /// Binds all steps.
    ///
    /// @throws UnusableInput at the first step that names something that is not there, lacks an operand, or has a value
    ///         that does not fit
    List<BoundStep> bind(Script script) {
        return script.steps().stream().map(this::bind).toList();
    }

    private BoundStep bind(Script.Step step) {
        Operation operation = operations.get(step.op());
        if (operation == null) {
            throw new UnusableInput(
                    "step " + step.number() + ": unknown operation " + Escape.quote(step.op()) + "; nearest are "
                            + String.join(", ", NearestNames.of(step.op(), operations.keySet(), SUGGESTIONS)));
        }
        String place = "step " + step.number() + " " + operation.name() + ": ";
        checkNames(place + "operand", step.in().keySet(), operation.in());
        checkNames(place + "stride of", step.stride().keySet(), operation.in());
        List<BoundStep.Operand> operands = new ArrayList<>();
        for (Field field : operation.in()) {
            operands.add(operand(place + "operand '" + field.name() + "'", field, step));
        }
        return new BoundStep(step.number(), operation, operands, step.repeat(), expectations(place, operation, step));
    }

    private static BoundStep.Operand operand(String place, Field field, Script.Step step) {
        Value value = step.in().get(field.name());
        Value stride = step.stride().get(field.name());
        if (value == null) {
            throw new UnusableInput(place + " is missing: " + describe(field));
        }
        if (field.bits() == 0) {
            if (stride != null) {
                throw new UnusableInput(place + " is bytes and has no stride");
            }
            return new BoundStep.BytesOperand(FieldValues.bytes(place, value));
        }
        BigInteger first = FieldValues.number(place, field, value);
        BigInteger step1 = stride == null ? BigInteger.ZERO : stride.number();
        if (step1 == null) {
            throw new UnusableInput(place + " has a stride that is not a number");
        }
        FieldValues.checkRange(place + " of the last repetition", field,
                first.add(step1.multiply(BigInteger.valueOf(step.repeat() - 1))));
        return new BoundStep.NumberOperand(first.longValue(), step1.longValue());
    }

    private static List<Expectation> expectations(String place, Operation operation, Script.Step step) {
        List<Field> outputs = new ArrayList<>(operation.out());
        outputs.add(STATUS_FIELD);
        checkNames(place + "output", step.out().keySet(), outputs);
        List<Expectation> expectations = new ArrayList<>();
        step.out().forEach((name, value) -> {
            String where = place + "output '" + name + "'";
            expectations.add(name.equals(Expectation.STATUS) ? status(where, operation, value)
                    : output(where, operation, name, value));
        });
        return expectations;
    }

    private static Expectation output(String place, Operation operation, String name, Value value) {
        int index = 0;
        while (!operation.out().get(index).name().equals(name)) {
            index++;
        }
        Field field = operation.out().get(index);
        return field.bits() == 0
                ? new Expectation.BytesAre(name, index, FieldValues.bytes(place, value))
                : new Expectation.NumberIs(name, index, FieldValues.number(place, field, value).longValue());
    }

    private static Expectation status(String place, Operation operation, Value value) {
        for (StatusName name : operation.statuses()) {
            if (name.name().equals(value.text())) {
                return new Expectation.StatusIs(name.value(), operation.statuses());
            }
        }
        if (value.number() == null) {
            throw new UnusableInput(place + " " + Escape.quote(value.text()) + " is neither a number nor one of "
                    + String.join(", ", operation.statuses().stream().map(StatusName::name).toList()));
        }
        return new Expectation.StatusIs(FieldValues.number(place, STATUS_FIELD, value).longValue(),
                operation.statuses());
    }

    private static void checkNames(String what, Set<String> given, List<Field> fields) {
        Set<String> legal = new LinkedHashSet<>(fields.stream().map(Field::name).toList());
        for (String name : given) {
            if (!legal.contains(name)) {
                throw new UnusableInput(what + " " + Escape.quote(name) + " does not exist; "
                        + (legal.isEmpty() ? "there are none" : "legal are " + String.join(", ", legal)));
            }
        }
    }

    private static String describe(Field field) {
        return field.meaning() + " (" + (field.bits() == 0 ? "bytes" : field.bits() + " bits") + ")";
    }
}
