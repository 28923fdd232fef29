package org.enclosure.cli;

import java.util.Locale;

import org.enclosure.bench.BenchReport;
import org.enclosure.bench.BenchRow;
import org.enclosure.bench.MachineReport;
import org.enclosure.bench.Target;

/// The benchmarks' report for people.
final class BenchText {
    private BenchText() {
    }

    static String of(BenchReport report) {
        MachineReport machine = report.machine();
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT, "%s, %d processors, %s%n%s%nload %.1f before, %.1f after%s%n%n",
                Escape.visible(machine.processor()), machine.processors(), Escape.visible(machine.java()),
                machine.order(), machine.loadBefore(), machine.loadAfter(),
                machine.isBusy() ? "; the machine is busy, expect worse figures than it can reach" : ""));
        TextTable table = new TextTable("").row("NAME", "WHAT", "UNIT", "1 PLUGIN", "ALL", "FLOOR", "TARGET", "SPREAD",
                "MET");
        report.rows().forEach(row -> add(table, row));
        table.appendTo(text);
        return text.append(String.format(Locale.ROOT,
                "%n%d of %d targets met; figures are medians of %s", report.met(), report.targets(),
                machine.forks() == 1 ? "one JVM" : machine.forks() + " JVMs")).toString();
    }

    private static void add(TextTable table, BenchRow row) {
        Double floor = row.floor();
        Target target = row.target();
        table.row(row.name(), row.what(), row.unit(), number(row.one()), number(row.all()),
                floor == null ? "-" : number(floor), target == null ? "-" : target.toString(),
                String.format(Locale.ROOT, "%.0f %%%s", row.spread() * 100, row.isNoisy() ? " noisy" : ""),
                row.met() == null ? "-" : row.met() ? "yes" : "NO");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, value >= 100 ? "%.0f" : value >= 10 ? "%.1f" : "%.2f", value);
    }
}
