package org.enclosure.cli.verify.pkvm;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Cases;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Machines;
import org.enclosure.cli.verify.VectorCase;
import tools.jackson.databind.JsonNode;

/// The rows of the kernel's ownership selftest: one continuous run, in which each row is a case. It is made once per kernel that the
/// rows name: all rows with Android's, those that mainline has, too, with mainline's. A case runs everything up to its row; after a
/// row that differs the machine is put into the expected state, so that one error is one failure.
final class OwnershipRows {
    private final String section;
    private final JsonNode node;

    OwnershipRows(String section, JsonNode node) {
        this.section = section;
        this.node = node;
    }

    List<VectorCase> cases() {
        JsonNode list = node.isObject() ? node.path("cases") : node;
        if (!list.isArray()) {
            return List.of(Cases.failing(section, section + " is not a list of cases"));
        }
        List<JsonNode> rows = new ArrayList<>();
        list.forEach(rows::add);
        List<VectorCase> cases = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            List<JsonNode> upTo = rows.subList(0, i + 1);
            JsonNode step = rows.get(i).path("step");
            cases.add(new VectorCase(step.isString() ? step.stringValue() : "#" + (i + 1),
                    machines -> run(upTo, machines)));
        }
        return cases;
    }

    private static void run(List<JsonNode> rows, Machines machines) {
        List<String> profiles = profiles(rows.getLast());
        for (String profile : profiles) {
            TestPage page = new TestPage(machines, profile);
            page.setPage(Words.state("NOPAGE"), Words.state("OWNED"), Words.owner("HYP"), 0, 0, 0);
            for (JsonNode row : rows.subList(0, rows.size() - 1)) {
                passBy(row, profile, page);
            }
            row(rows.getLast(), profile, page);
        }
    }

    /// A row before the one in question: what is wrong with it is shown by its own case.
    private static void passBy(JsonNode row, String profile, TestPage page) {
        try {
            if (profiles(row).contains(profile)) {
                row(row, profile, page);
            }
        } catch (CaseFailure shownElsewhere) {
            force(row, page);
        }
    }

    private static void force(JsonNode row, TestPage page) {
        try {
            expected(Fields.of("the row", row)).force(page);
        } catch (CaseFailure unreadable) {
            // The row's own case says so; the machine stays as it is.
        }
    }

    private static List<String> profiles(JsonNode row) {
        return Kernels.of(Fields.of("the row", row).text("variant", "mainline + android"));
    }

    private static void row(JsonNode node, String profile, TestPage page) {
        Fields row = Fields.of("the row", node).ignore("id", "step", "variant");
        String op = row.text("op");
        String place = "with " + profile + " " + op;
        long gfn = TestPage.gfn(row.text("arg", ""));
        String expected = row.node("expected").asString();
        ExpectedState state = expected(row);
        row.nothingElse();
        long wanted = page.status(TestPage.operation(op), expected);
        long actual = page.transition(op, gfn);
        if (actual != wanted) {
            throw CaseFailure.difference(place, "ret", expected, page.show(TestPage.operation(op), actual));
        }
        state.check(place, page);
    }

    private static ExpectedState expected(Fields row) {
        List<String> np = new ArrayList<>();
        List<String> prot = new ArrayList<>();
        for (String name : List.of("guest_gfn", "guest_gfn1")) {
            for (String part : row.text(name, "").split("\\s+", -1)) {
                if (part.startsWith("np:")) {
                    np.add(part.substring("np:".length()));
                } else if (part.startsWith("p:")) {
                    prot.add(part.substring("p:".length()));
                } else if (!part.isEmpty()) {
                    throw CaseFailure.unknown(name + " " + part);
                }
            }
        }
        return new ExpectedState(row.text("host"), row.text("hyp"), row.has("owner") ? row.text("owner") : null,
                row.number("share_count", -1), row.number("pins", -1), np, prot);
    }
}
