package org.enclosure.cli;

import java.util.concurrent.Callable;

import org.enclosure.cli.script.BareMachine;
import org.enclosure.cli.script.Difference;
import org.enclosure.cli.script.Script;
import org.enclosure.cli.script.ScriptReader;
import org.enclosure.cli.script.ScriptResult;
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.core.plugin.FoundArchitecture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// `script`: runs a file of operations on a bare machine.
@Command(name = "script", description = {"Run a scenario file (YAML or JSON) on a bare machine.",
        "Stops at the first step that differs from what it expects. The format: docs/scripts.md."})
final class ScriptCommand implements Callable<Integer> {
    private final Console console;
    private final Architectures architectures;

    @Parameters(paramLabel = "FILE", description = "The script.") private String file = "";

    @Option(names = "--json", description = "Print one JSON object.") private boolean json;

    ScriptCommand(Console console, Architectures architectures) {
        this.console = console;
        this.architectures = architectures;
    }

    @Override
    public Integer call() {
        Script script = ScriptReader.read(InputFile.path("script", file));
        ScriptResult result;
        try (GuestMemorySystem system = architectures.load()) {
            FoundArchitecture found = Architectures.find(system, "arch", script.arch());
            try (BareMachine machine = BareMachine.open(found.provider(), script.machine())) {
                result = ScriptResult.of(script, machine);
            }
        }
        Difference difference = result.difference();
        if (json) {
            console.out().println(Json.text(json(script, result)));
        } else {
            if (difference != null) {
                console.out().println(Escape.visible(difference.line()));
            }
            console.out().println(result.line());
        }
        return difference == null ? 0 : Failures.BAD;
    }

    private static ObjectNode json(Script script, ScriptResult result) {
        Difference difference = result.difference();
        ObjectNode root = Json.object();
        root.put("outcome", difference == null ? "ok" : "failed");
        root.put("arch", script.arch());
        root.put("steps", result.steps());
        root.put("passed", result.passed());
        if (difference == null) {
            root.putNull("difference");
        } else {
            root.putObject("difference").put("step", difference.step()).put("op", difference.op())
                    .put("repetition", difference.repetition()).put("output", difference.output())
                    .put("expected", difference.expected()).put("actual", difference.actual());
        }
        return root;
    }
}
