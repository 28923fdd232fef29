package org.enclosure.cli;

import org.enclosure.cli.verify.SectionReport;
import org.enclosure.cli.verify.VerifyReport;

/// The report of `verify` for people.
final class VerifyText {
    private VerifyText() {
    }

    /// A line a section, its failures and skipped cases below, and the sum as the last line.
    static String of(VerifyReport report) {
        StringBuilder text = new StringBuilder();
        for (SectionReport section : report.sections()) {
            text.append(Escape.visible(section.section())).append(": ")
                    .append(counts(section.passed(), section.failures().size(), section.skipped().size())).append('\n');
            section.failures().forEach(remark -> append(text, "FAIL ", section, remark));
            section.skipped().forEach(remark -> append(text, "SKIP ", section, remark));
        }
        return text.append(counts(report.passed(), report.failed(), report.skipped())).toString();
    }

    private static void append(StringBuilder text, String what, SectionReport section, SectionReport.Remark remark) {
        text.append(what).append(Escape.line(section.section() + "/" + remark.id() + " " + remark.text()))
                .append('\n');
    }

    private static String counts(int passed, int failed, int skipped) {
        return passed + " passed, " + failed + " failed, " + skipped + " skipped";
    }
}
