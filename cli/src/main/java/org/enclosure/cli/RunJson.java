package org.enclosure.cli;

import java.util.List;
import java.util.Map;

import org.enclosure.core.plugin.Finding;
import org.enclosure.examples.ArchitectureReport;
import org.enclosure.examples.AttackReport;
import org.enclosure.examples.MeasurementReport;
import org.enclosure.examples.Outcome;
import org.enclosure.examples.RunReport;
import org.enclosure.examples.TranscriptReport;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The report of a run as JSON; `docs/run.schema.json` describes it.
final class RunJson {
    private RunJson() {
    }

    static ObjectNode of(RunReport report, List<Finding> unusable) {
        ObjectNode root = Json.object();
        root.put("outcome", (unusable.isEmpty() ? report.outcome() : Outcome.FAILED).toString());
        ArrayNode architectures = root.putArray("architectures");
        report.architectures().forEach(architecture -> add(architectures.addObject(), architecture));
        ArrayNode notRun = root.putArray("notRun");
        for (Finding problem : unusable) {
            notRun.addObject().put("location", problem.location()).put("message", problem.message());
        }
        return root;
    }

    private static void add(ObjectNode node, ArchitectureReport report) {
        node.put("id", report.id()).put("vmType", report.vmType()).put("outcome", report.outcome().toString());
        node.set("failures", Json.strings(report.failures()));
        counts(node.putObject("faults"), report.faults());
        counts(node.putObject("exits"), report.exits());
        node.putObject("conversions").put("explicit", report.conversions().explicit())
                .put("implicit", report.conversions().implicit())
                .put("pages", report.conversions().pages());
        counts(node.putObject("pages"), report.pages());
        ArrayNode attacks = node.putArray("attacks");
        report.attacks().forEach(attack -> add(attacks.addObject(), attack));
        measurement(node, report.measurement());
        transcript(node, report.transcript());
        node.put("seconds", Math.round(report.seconds() * 1000) / 1000.0);
    }

    private static void counts(ObjectNode node, Map<String, Long> counts) {
        counts.forEach(node::put);
    }

    private static void add(ObjectNode node, AttackReport attack) {
        node.put("name", attack.name()).put("by", attack.by().toString()).put("expected", attack.expected())
                .put("observed", attack.observed()).put("attempts", attack.attempts()).put("ok", attack.ok());
    }

    private static void measurement(ObjectNode node, @Nullable MeasurementReport measurement) {
        if (measurement == null) {
            node.putNull("measurement");
        } else {
            node.putObject("measurement").put("algorithm", measurement.algorithm()).put("digest", measurement.digest());
        }
    }

    private static void transcript(ObjectNode node, @Nullable TranscriptReport transcript) {
        if (transcript == null) {
            node.putNull("transcript");
        } else {
            node.putObject("transcript").put("algorithm", transcript.algorithm()).put("digest", transcript.digest())
                    .put("note",
                            transcript.note());
        }
    }
}
