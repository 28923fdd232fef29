package org.enclosure.cli.verify.pkvm;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Machines;
import tools.jackson.databind.JsonNode;

/// A sequence of transitions on one page. No kernel has all of them, so the machine has the profile `union`.
final class SequenceCase {
    private static final String PROFILE = "union";
    /// Behind an answer: the kernel would say so, but what follows is not recorded.
    private static final String UNRECORDED = "*";
    private static final String COUNTERPART = "counterpart not recorded";

    private SequenceCase() {
    }

    static void run(Fields fields, Machines machines) {
        TestPage page = new TestPage(machines, PROFILE);
        if (fields.has("init")) {
            init(fields.fields("init"), page);
        }
        int number = 0;
        for (JsonNode node : fields.list("steps")) {
            number++;
            Fields step = Fields.of("step " + number, node);
            step("step " + number + " ", step, page);
            step.nothingElse();
        }
    }

    private static void init(Fields init, TestPage page) {
        String host = init.text("host");
        String hyp = init.text("hyp", "NOPAGE");
        String owner = init.has("annotation") ? init.text("annotation") : init.text("owner", "-");
        page.setPage(Words.state(host), Words.state(hyp), Words.owner(owner), 0, init.number("share_count", 0),
                init.number("pins", 0));
        new ExpectedState(host, hyp, owner, init.number("share_count", 0), init.number("pins", 0), states(init, "np"),
                states(init, "prot")).force(page);
        init.nothingElse();
    }

    private static void step(String before, Fields step, TestPage page) {
        String op = step.text("op");
        String place = before + op;
        long gfn = step.has("gfn") ? gfn(step.node("gfn")) : 0;
        String ret = step.node("ret").asString();
        boolean isUnrecorded = ret.endsWith(UNRECORDED);
        String effect = step.text("effect", "");
        ExpectedState expected = expected(step);
        long wanted = page.status(TestPage.operation(op),
                isUnrecorded ? ret.substring(0, ret.length() - UNRECORDED.length()) : ret);
        long actual = page.transition(op, gfn);
        if (actual != wanted) {
            throw CaseFailure.difference(place, "ret", ret, page.show(TestPage.operation(op), actual));
        }
        if (isUnrecorded || effect.startsWith(COUNTERPART)) {
            expected.force(page);
            return;
        }
        expected.check(place, page);
        if (wanted < 0) {
            Effect.kept(place, page);
        }
        Effect.check(place, effect, page);
    }

    private static long gfn(JsonNode node) {
        return TestPage.gfn(node.asString());
    }

    private static ExpectedState expected(Fields step) {
        return new ExpectedState(step.text("host"), step.text("hyp"), step.has("owner") ? step.text("owner") : null,
                step.number("share_count", -1), step.number("pins", -1), states(step, "np"), states(step, "prot"));
    }

    private static List<String> states(Fields fields, String name) {
        List<String> states = new ArrayList<>();
        if (fields.has(name)) {
            fields.list(name).forEach(state -> states.add(state.asString()));
        }
        return states;
    }
}
