package org.enclosure.cli;

import java.util.List;

import org.enclosure.cli.verify.SectionReport;
import org.enclosure.cli.verify.VerifyReport;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The report of `verify` as JSON.
final class VerifyJson {
    private VerifyJson() {
    }

    static ObjectNode of(VerifyReport report) {
        ObjectNode root = Json.object();
        root.put("outcome", report.failed() == 0 && report.passed() > 0 ? "ok" : "failed");
        root.put("arch", report.architecture());
        counts(root, report.passed(), report.failed(), report.skipped());
        ArrayNode sections = root.putArray("sections");
        for (SectionReport section : report.sections()) {
            ObjectNode node = sections.addObject().put("name", section.section());
            counts(node, section.passed(), section.failures().size(), section.skipped().size());
            remarks(node.putArray("failures"), "message", section.failures());
            remarks(node.putArray("skips"), "reason", section.skipped());
        }
        return root;
    }

    private static void counts(ObjectNode node, int passed, int failed, int skipped) {
        node.put("passed", passed).put("failed", failed).put("skipped", skipped);
    }

    private static void remarks(ArrayNode array, String what, List<SectionReport.Remark> remarks) {
        remarks.forEach(remark -> array.addObject().put("case", remark.id()).put(what, remark.text()));
    }
}
