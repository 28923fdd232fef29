package org.enclosure.cli;

import org.enclosure.bench.BenchReport;
import org.enclosure.bench.BenchRow;
import org.enclosure.bench.MachineReport;
import org.enclosure.bench.Target;
import tools.jackson.databind.node.ObjectNode;

/// The benchmarks' report as JSON.
final class BenchJson {
    private BenchJson() {
    }

    static ObjectNode of(BenchReport report) {
        ObjectNode root = Json.object();
        root.put("targets", report.targets()).put("met", report.met());
        machine(root.putObject("machine"), report.machine());
        var rows = root.putArray("rows");
        report.rows().forEach(row -> add(rows.addObject(), row));
        return root;
    }

    private static void machine(ObjectNode node, MachineReport machine) {
        node.put("processor", machine.processor()).put("processors", machine.processors()).put("java", machine.java())
                .put("accessOrder", machine.order()).put("forks", machine.forks())
                .put("loadBefore", machine.loadBefore()).put("loadAfter", machine.loadAfter())
                .put("busy", machine.isBusy());
    }

    private static void add(ObjectNode node, BenchRow row) {
        node.put("name", row.name()).put("what", row.what()).put("unit", row.unit())
                .put("onePlugin", rounded(row.one())).put("allPlugins", rounded(row.all()));
        Double floor = row.floor();
        if (floor == null) {
            node.putNull("floor");
        } else {
            node.put("floor", rounded(floor));
        }
        node.put("spread", rounded(row.spread())).put("noisy", row.isNoisy());
        Target target = row.target();
        if (target == null) {
            node.putNull("target").putNull("met");
        } else {
            node.putObject("target").put("kind", target.kind().name()).put("limit", target.limit());
            node.put("met", row.met());
        }
    }

    private static double rounded(double value) {
        return Math.round(value * 10_000) / 10_000.0;
    }
}
