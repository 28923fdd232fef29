package org.enclosure.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;

import org.enclosure.cli.measure.Explanation;
import org.enclosure.cli.measure.LaunchInputs;
import org.enclosure.cli.script.BareMachine;
import org.enclosure.cli.script.MachineOptions;
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.LaunchResult;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.node.ObjectNode;

/// `measure`: the digest of a launch with given inputs.
@Command(name = "measure", description = {
        "Print the launch digest of given inputs, in lower-case hex and nothing else.",
        "What each option means: docs/measure.md."})
final class MeasureCommand implements Callable<Integer> {
    private final Console console;
    private final Architectures architectures;

    @Option(names = "--arch", required = true, paramLabel = "ID", description = "The architecture; 'enclosure plugins' lists them.") private String arch = "";

    @Mixin private final MeasureArguments arguments = new MeasureArguments();

    @Option(names = "--transcript", description = "Print each measured step before the digest or its explanation.") private boolean transcript;

    @Option(names = "--explain", paramLabel = "DIGEST", description = "Name the smallest known variation of the inputs that yields this digest.") private @Nullable String explain;

    @Option(names = "--output", paramLabel = "FILE", description = "Write what would be printed to a file.") private @Nullable String output;

    @Option(names = "--json", description = "Print one JSON object.") private boolean json;

    MeasureCommand(Console console, Architectures architectures) {
        this.console = console;
        this.architectures = architectures;
    }

    @Override
    public Integer call() {
        try (GuestMemorySystem system = architectures.load();
                BareMachine machine = BareMachine.open(Architectures.find(system, "--arch", arch).provider(),
                        MachineOptions.defaults())) {
            LaunchPlanner planner = machine.platform().launchPlanner();
            LaunchInputs inputs = arguments.inputs(arch);
            LaunchResult result = inputs.measure(planner);
            Explanation explanation = explain == null ? null : Explanation.find(planner, inputs, result, explain);
            print(json ? Json.text(json(result, explanation)) : text(result, explanation));
            if (!result.architectural()) {
                console.err().println("note: " + arch
                        + " has no architectural launch measurement; this is the digest of a transcript of what is loaded");
            }
            return explanation == null || explanation.found() ? 0 : Failures.BAD;
        }
    }

    private void print(String text) {
        if (output == null) {
            console.out().println(text);
            return;
        }
        Path file = InputFile.path("--output", output);
        try {
            Files.writeString(file, text + "\n");
        } catch (IOException e) {
            throw new UnusableInput("--output " + Escape.quote(output) + " cannot be written: " + InputFile.reason(e),
                    e);
        }
    }

    private String text(LaunchResult result, @Nullable Explanation explanation) {
        StringBuilder text = new StringBuilder();
        if (transcript) {
            result.transcript().forEach(line -> text.append(Escape.visible(line)).append('\n'));
        }
        return text.append(explanation == null ? result.digest() : explanation.text()).toString();
    }

    private ObjectNode json(LaunchResult result, @Nullable Explanation explanation) {
        ObjectNode root = Json.object();
        root.put("arch", arch).put("algorithm", result.algorithm()).put("digest", result.digest())
                .put("architectural", result.architectural());
        if (transcript) {
            root.set("transcript", Json.strings(result.transcript()));
        }
        if (explanation != null) {
            ObjectNode node = root.putObject("explain");
            node.put("wanted", explanation.wanted()).put("found", explanation.found()).put("equal", explanation.equal())
                    .put("change", explanation.change()).set("tried", Json.strings(explanation.tried()));
        }
        return root;
    }
}
