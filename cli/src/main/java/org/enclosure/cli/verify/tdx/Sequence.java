package org.enclosure.cli.verify.tdx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.enclosure.cli.script.BareMachine;
import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Invocation;
import org.enclosure.cli.verify.Machines;
import org.enclosure.cli.verify.Operations;
import tools.jackson.databind.JsonNode;

/// A sequence of steps on one machine with one TD. Members of a step are operands by name; `in` holds registers.
final class Sequence {
    private static final String TD = "td";
    private static final Map<String, Integer> ACCESS = Map.of("r", 1, "w", 2, "x", 4);
    private static final Map<String, Long> OUTCOMES = Map.of("OK", 0L, "VE", 1L, "TDEXIT", 2L);
    private static final String EPT_VIOLATION = "EPT_VIOLATION";

    private final List<JsonNode> steps;
    private final Operations operations;
    private final long td;

    Sequence(Fields fields, MachineDescription description, Machines machines) {
        steps = fields.list("steps");
        BareMachine machine = description.open(machines);
        operations = new Operations(machine.operations());
        td = description.td();
    }

    void run() {
        for (int i = 0; i < steps.size(); i++) {
            Fields step = Fields.of("step " + i, steps.get(i));
            String op = step.text("op");
            try {
                step("step " + i + " " + op, op, step);
            } catch (CaseFailure failure) {
                String message = String.valueOf(failure.getMessage());
                throw message.startsWith("step ") ? failure : new CaseFailure("step " + i + " " + op + " " + message);
            }
        }
    }

    private void step(String place, String op, Fields step) {
        Invocation call = operations.call(op);
        if (step.has("leaf")) {
            Differences.check(place, "leaf", step.number("leaf"), call.operation().number());
        }
        if (call.takes(TD)) {
            call.in(TD, td);
        }
        operands(call, op, step);
        Map<String, Long> registers = registers(step);
        registers.forEach(call::in);
        Map<String, Long> strides = strides(step, registers);
        long repeat = step.number("repeat", 1);
        checkRepeat(step, repeat);
        long rax = 0;
        for (long round = 0; round < repeat; round++) {
            rax = call.invoke();
            if (round + 1 < repeat) {
                expectStatus(place, step, rax);
            }
            strides.forEach((name, stride) -> call.in(name, registers.merge(name, stride, Long::sum)));
        }
        expect(place, step, call, rax);
        step.ignore("in", "out", "stride").nothingElse();
    }

    private static void checkRepeat(Fields step, long repeat) {
        if (repeat < 1 || repeat > 1 << 20) {
            throw new CaseFailure("'repeat' " + repeat + " is not in 1..1048576");
        }
        if (step.has("out_is_for") && !step.text("out_is_for").startsWith("every iteration (rax)")) {
            throw CaseFailure.unknown("out_is_for");
        }
    }

    // ---- operands -------------------------------------------------------------------------------------------------------

    private static void operands(Invocation call, String op, Fields step) {
        for (String name : step.names()) {
            switch (name) {
                case "op", "leaf", "in", "out", "repeat", "stride", "out_is_for" -> {
                    // Asked for elsewhere.
                }
                case "byte_i" -> {
                    Pattern pattern = Pattern.of(step.text(name));
                    call.in("factor", pattern.factor()).in("addend", pattern.addend());
                }
                case "access" -> call.in(name, access(step.text(name)));
                case "locked" -> call.in(name, step.flag(name) ? 1 : 0);
                case "value" -> call.in(op.equals("TEST.SET_ACCEPT_COUNTER") ? "counter" : name, step.number(name));
                default -> {
                    if (!Fields.DESCRIBING.contains(name)) {
                        call.in(name, step.number(name));
                    }
                }
            }
        }
    }

    private static long access(String letters) {
        long access = 0;
        for (String letter : letters.split("", -1)) {
            Integer bit = ACCESS.get(letter);
            if (bit == null) {
                if (!letter.isEmpty()) {
                    throw CaseFailure.unknown("access " + letters);
                }
            } else {
                access |= bit;
            }
        }
        return access;
    }

    private static Map<String, Long> registers(Fields step) {
        Map<String, Long> registers = new HashMap<>();
        if (step.has("in")) {
            Fields in = step.fields("in");
            for (String name : in.names()) {
                registers.put(name, in.number(name));
            }
        }
        return registers;
    }

    private static Map<String, Long> strides(Fields step, Map<String, Long> registers) {
        Map<String, Long> strides = new HashMap<>();
        if (step.has("stride")) {
            Fields stride = step.fields("stride");
            for (String name : stride.names()) {
                registers.computeIfAbsent(name, step::number);
                strides.put(name, stride.number(name));
            }
        }
        return strides;
    }

    // ---- expectations ---------------------------------------------------------------------------------------------------

    private static void expectStatus(String place, Fields step, long rax) {
        if (step.has("out") && step.fields("out").has("rax")) {
            Differences.check(place, "rax", step.fields("out").number("rax"), rax);
        }
    }

    private static void expect(String place, Fields step, Invocation call, long rax) {
        if (!step.has("out")) {
            return;
        }
        Fields out = step.fields("out");
        expectStatus(place, step, rax);
        boolean hasExit = call.operation().out().stream().anyMatch(field -> field.name().equals("exit"));
        if (hasExit && (out.has("rax") || out.has("exit"))) {
            Differences.check(place, "exit", out.has("exit") ? 1 : 0, call.out("exit"));
        }
        for (String name : out.names()) {
            switch (name) {
                case "rax" -> {
                    // Compared above.
                }
                case "exit" -> Differences.check(place, name, EPT_VIOLATION, out.text(name));
                case "access" -> outcome(place, out.text(name), rax);
                case "mrtd" -> Differences.digest(place, out, name, call.outBytes(name));
                default -> {
                    if (!Fields.DESCRIBING.contains(name)) {
                        Differences.check(place, name, out.number(name), call.out(name));
                    }
                }
            }
        }
    }

    private static void outcome(String place, String expected, long actual) {
        Long status = OUTCOMES.get(expected);
        if (status == null) {
            throw CaseFailure.unknown("access " + expected);
        }
        String name = OUTCOMES.entrySet().stream().filter(entry -> entry.getValue() == actual).map(Map.Entry::getKey)
                .findFirst().orElse(Long.toString(actual));
        Differences.check(place, "access", expected, name);
    }
}
