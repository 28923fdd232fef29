package org.enclosure.cli.verify.cca;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Invocation;
import org.enclosure.cli.verify.Numbers;
import tools.jackson.databind.JsonNode;

/// A list of steps on one machine; the first difference ends it.
final class Scenario {
    private static final Map<String, Long> PAS = Map.of("NS", 0x9L, "SECURE", 0x8L, "ROOT", 0xaL, "REALM", 0xbL);
    private static final List<String> STATES = List.of("NS", "DELEGATED", "RD", "REC", "REC_AUX", "DATA", "RTT");
    private static final String FAULT = "GPF";

    private final CcaCalls calls;
    private final RealmRun realm;

    Scenario(CcaCalls calls) {
        this.calls = calls;
        realm = new RealmRun(calls);
    }

    void run(Fields fields) {
        int number = 0;
        for (JsonNode node : fields.list("steps")) {
            String place = "step " + number++;
            Fields step = Fields.of(place, node);
            try {
                step(step);
                step.nothingElse();
            } catch (CaseFailure e) {
                throw new CaseFailure(place + " " + e.getMessage());
            }
        }
    }

    private void step(Fields step) {
        for (String name : step.names()) {
            switch (name) {
                case "smc" -> smc(step);
                case "rec_enter" -> realm.enter(step);
                case "host_write64" -> write64(step);
                case "host_read64" -> read64(step);
                case "host_write" -> writeBytes(step);
                case "host_zero" -> zero(step);
                case "host_write_realm_params" -> params(step, name, calls.realmParams(step.fields("fields")));
                case "host_write_rec_params" -> params(step, name, calls.recParams(step.fields("fields")));
                case "set_pas" -> setPas(step);
                case "check_granule" -> granule(step);
                case "check_measurement" -> measurement(step);
                default -> {
                    continue;
                }
            }
            return;
        }
        throw CaseFailure.unknown(String.join(", ", step.names()));
    }

    private void smc(Fields step) {
        String command = step.text("smc");
        List<Long> arguments = CcaCalls.numbers(step, "args");
        List<Long> stride = step.has("stride") ? CcaCalls.numbers(step, "stride") : List.of();
        boolean isRepeated = step.has("repeat");
        long count = step.number("repeat", 1);
        String key = isRepeated && step.has("out_each") ? "out_each" : "out";
        for (long round = 0; round < count; round++) {
            List<Long> now = new ArrayList<>();
            for (int i = 0; i < arguments.size(); i++) {
                now.add(arguments.get(i) + (i < stride.size() ? stride.get(i) * round : 0));
            }
            long[] x = command.equals("RMI_REC_ENTER") ? realm.plainEnter(now) : calls.smc(command, now);
            if (step.has(key)) {
                compare(command + (isRepeated ? " round " + round : ""), step.fields(key), x);
            }
        }
    }

    private static void compare(String command, Fields expected, long[] x) {
        for (int i = 0; i < x.length; i++) {
            String register = "x" + i;
            if (expected.has(register)) {
                same(command, register, expected.number(register), x[i]);
            }
        }
        expected.nothingElse();
    }

    private void write64(Fields step) {
        List<Long> operands = CcaCalls.numbers(step, "host_write64");
        pair(operands, "host_write64");
        done(step, calls.call("HOST.WRITE64").in("addr", operands.get(0)).in("value", operands.get(1)).invoke());
    }

    private void read64(Fields step) {
        Invocation read = calls.call("HOST.READ64").in("addr", address(step, "host_read64"));
        boolean isFault = read.invoke() != 0;
        String expected = step.text("out");
        if (isFault || expected.equals(FAULT)) {
            text("host_read64", expected, isFault ? FAULT : Numbers.show(read.out("value")));
        } else {
            same("host_read64", "out", Numbers.parse("out", expected), read.out("value"));
        }
    }

    private void writeBytes(Fields step) {
        List<JsonNode> operands = step.list("host_write");
        if (operands.size() != 2 || !operands.get(1).isString()) {
            throw CaseFailure.unknown("host_write with other operands than an address and bytes in hex");
        }
        String hex = operands.get(1).stringValue();
        byte[] bytes;
        try {
            bytes = HexFormat.of().parseHex(hex.startsWith("0x") ? hex.substring(2) : hex);
        } catch (IllegalArgumentException e) {
            throw CaseFailure.unknown("host_write of " + hex);
        }
        done(step, calls.call("HOST.WRITE").in("addr", Numbers.parse("host_write", operands.get(0)))
                .in("bytes", bytes).invoke());
    }

    private void zero(Fields step) {
        done(step, calls.call("HOST.ZERO").in("addr", address(step, "host_zero")).invoke());
    }

    private void params(Fields step, String name, Invocation encoder) {
        done(step, calls.write(step.number(name), encoder) ? 0 : 1);
    }

    private void setPas(Fields step) {
        List<JsonNode> operands = step.list("set_pas");
        Long pas = operands.size() == 2 ? PAS.get(operands.get(1).asString()) : null;
        if (pas == null) {
            throw CaseFailure.unknown("set_pas " + operands);
        }
        long status = calls.call("EL3.SET_PAS").in("addr", Numbers.parse("set_pas", operands.get(0)))
                .in("pas", pas).invoke();
        if (step.has("out")) {
            text("set_pas", step.text("out"), status == 0 ? "ok" : Numbers.show(status));
        }
    }

    private void granule(Fields step) {
        Invocation state = calls.call("STATE.GRANULE").in("addr", step.number("check_granule"));
        state.invoke();
        Fields expected = step.fields("out");
        if (expected.has("state")) {
            text("state", expected.text("state"), STATES.get((int) state.out("state")));
        }
        if (expected.has("refcount")) {
            same("check_granule", "refcount", expected.number("refcount"), state.out("refcount"));
        }
        if (expected.has("pas")) {
            String name = expected.text("pas");
            same("check_granule", "pas " + name, PAS.getOrDefault(name, -1L), state.out("pas"));
        }
        if (expected.has("all_zero")) {
            same("check_granule", "all_zero", expected.flag("all_zero") ? 1 : 0, state.out("all_zero"));
        }
        expected.nothingElse();
    }

    private void measurement(Fields step) {
        List<Long> operands = CcaCalls.numbers(step, "check_measurement");
        pair(operands, "check_measurement");
        Invocation read = calls.call("STATE.MEASUREMENT").in("rd", operands.get(0)).in("slot", operands.get(1));
        read.invoke();
        text("check_measurement", step.text("out"), HexFormat.of().formatHex(read.outBytes("bytes")));
    }

    private static long address(Fields step, String name) {
        JsonNode node = step.node(name);
        return Numbers.parse(name, node.isArray() && node.size() == 1 ? node.get(0) : node);
    }

    private static void done(Fields step, long status) {
        if (step.has("out")) {
            text("out", step.text("out"), status == 0 ? "ok" : FAULT);
        }
    }

    private static void pair(List<Long> operands, String name) {
        if (operands.size() != 2) {
            throw CaseFailure.unknown(name + " with " + operands.size() + " operands");
        }
    }

    private static void text(String output, String expected, String actual) {
        if (!expected.equals(actual)) {
            throw CaseFailure.difference("", output, expected, actual);
        }
    }

    static void same(String place, String output, long expected, long actual) {
        if (expected != actual) {
            throw CaseFailure.difference(place, output, Numbers.show(expected), Numbers.show(actual));
        }
    }
}
