package org.enclosure.cli.verify.tdx;

import org.enclosure.cli.script.BareMachine;
import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Invocation;
import org.enclosure.cli.verify.Operations;

import tools.jackson.databind.JsonNode;

/// A measured stream of additions and extensions.
final class MrtdCase {
    private MrtdCase() {
    }

    static void run(Fields fields, BareMachine machine) {
        Operations operations = new Operations(machine.operations());
        operations.call("MRTD.START").invoke();
        int number = 0;
        for (JsonNode node : fields.list("ops")) {
            Fields step = Fields.of("step " + ++number, node);
            step(operations, step);
            step.ignore("comment").nothingElse();
        }
        Invocation digest = operations.call("MRTD.DIGEST");
        digest.invoke();
        if (fields.has("stream_bytes")) {
            Differences.check("", "stream_bytes", fields.number("stream_bytes"), digest.out("stream_bytes"));
        }
        Differences.digest("", fields, "mrtd", digest.outBytes("mrtd"));
    }

    private static void step(Operations operations, Fields step) {
        String op = step.text("op");
        switch (op) {
            case "PAGE.ADD" -> operations.call("MRTD.PAGE_ADD").in("gpa", step.number("gpa")).invoke();
            case "MR.EXTEND" -> extend(operations, step, "MRTD.EXTEND");
            case "MR.EXTEND.PAGE" -> extend(operations, step, "MRTD.EXTEND_PAGE");
            default -> throw CaseFailure.unknown(op);
        }
    }

    private static void extend(Operations operations, Fields step, String name) {
        Pattern pattern = Pattern.of(step.text("page_byte_i"));
        operations.call(name).in("gpa", step.number("gpa")).in("factor", pattern.factor())
                .in("addend", pattern.addend()).invoke();
    }
}
