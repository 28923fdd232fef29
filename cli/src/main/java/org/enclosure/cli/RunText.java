package org.enclosure.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

import org.enclosure.core.plugin.Finding;
import org.enclosure.examples.ArchitectureReport;
import org.enclosure.examples.AttackReport;
import org.enclosure.examples.ConversionReport;
import org.enclosure.examples.MeasurementReport;
import org.enclosure.examples.Outcome;
import org.enclosure.examples.RunReport;
import org.enclosure.examples.TranscriptReport;

/// The report of a run for people: a table per architecture, then one line.
final class RunText {
    private RunText() {
    }

    static String of(RunReport report, List<Finding> unusable) {
        StringBuilder text = new StringBuilder();
        for (ArchitectureReport architecture : report.architectures()) {
            append(text, architecture);
            text.append('\n');
        }
        for (Finding problem : unusable) {
            text.append("not run: ").append(Escape.visible(problem.message())).append('\n');
        }
        return text.append(summary(report, unusable)).toString();
    }

    private static void append(StringBuilder text, ArchitectureReport report) {
        text.append(String.format(Locale.ROOT, "%s (VM type %s): %s, %.2f s%n", Escape.visible(report.id()),
                Escape.visible(report.vmType()), report.outcome(), report.seconds()));
        ConversionReport conversions = report.conversions();
        TextTable table = new TextTable("  ");
        table.row("faults", counts(report.faults())).row("exits", counts(report.exits()));
        table.row("conversions", conversions.explicit() + " explicit, " + conversions.implicit() + " implicit, "
                + conversions.pages() + " pages");
        table.row("pages", counts(report.pages())).row("launch", launch(report));
        table.appendTo(text);
        attacks(text, report.attacks());
        for (String failure : report.failures()) {
            text.append("  FAILED ").append(Escape.visible(failure)).append('\n');
        }
    }

    private static String counts(Map<String, Long> counts) {
        return counts.isEmpty() ? "none"
                : counts.entrySet().stream().map(count -> count.getKey() + " " + count.getValue())
                        .collect(Collectors.joining(", "));
    }

    private static String launch(ArchitectureReport report) {
        MeasurementReport measurement = report.measurement();
        if (measurement != null) {
            return measurement.algorithm() + " " + measurement.digest();
        }
        TranscriptReport transcript = report.transcript();
        return transcript == null ? "none"
                : transcript.algorithm() + " " + transcript.digest() + " (" + transcript.note() + ")";
    }

    // What was expected instead stands in the failures below.
    private static void attacks(StringBuilder text, List<AttackReport> attacks) {
        if (attacks.isEmpty()) {
            return;
        }
        TextTable table = new TextTable("  ").row("by", "attack", "tried", "got");
        for (AttackReport attack : attacks) {
            table.row(attack.by().toString(), attack.name(), Long.toString(attack.attempts()),
                    (attack.ok() ? "ok: " : "WRONG: ") + attack.observed());
        }
        table.appendTo(text);
    }

    private static String summary(RunReport report, List<Finding> unusable) {
        long good = report.architectures().stream().filter(part -> part.outcome() == report.outcome()).count();
        int all = report.architectures().size();
        boolean ok = report.outcome() == Outcome.OK;
        String ran = ok ? "ok on " + good + " of " + all : "failed on " + good + " of " + all;
        return unusable.isEmpty() ? ran : ran + ", " + unusable.size() + " not run";
    }
}
