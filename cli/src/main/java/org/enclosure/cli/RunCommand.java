package org.enclosure.cli;

import java.util.List;
import java.util.concurrent.Callable;

import org.enclosure.core.GuestMemorySystem;
import org.enclosure.core.plugin.Finding;
import org.enclosure.examples.Outcome;
import org.enclosure.examples.RunOptions;
import org.enclosure.examples.RunReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `run`: boots an example guest on every architecture and reports.
@Command(name = "run", description = {"Boot an example guest, let it share memory, attack it, and report.",
        "Sizes are digits with optional K, M, G or T."})
final class RunCommand implements Callable<Integer> {
    private static final String BOOT = "boot";

    private final Console console;
    private final Architectures architectures;
    private final GuestRunner runner;

    @Parameters(arity = "0..1", paramLabel = "GUEST", defaultValue = BOOT, description = "The guest: boot, which is the default.") private String guest = BOOT;

    @Mixin private final RunArguments arguments = new RunArguments();

    @Option(names = "--json", description = "Print one JSON object.") private boolean json;

    RunCommand(Console console, Architectures architectures, GuestRunner runner) {
        this.console = console;
        this.architectures = architectures;
        this.runner = runner;
    }

    @Override
    public Integer call() {
        if (!guest.equals(BOOT)) {
            throw new UnusableInput("guest " + Escape.quote(guest) + " is not known; there is: " + BOOT);
        }
        RunOptions options = arguments.options();
        try (GuestMemorySystem system = architectures.load()) {
            RunReport report = run(system, options);
            List<Finding> unusable = unusable(system, options);
            boolean good = report.outcome() == Outcome.OK && unusable.isEmpty();
            console.out().println(json ? Json.text(RunJson.of(report, unusable)) : RunText.of(report, unusable));
            return good ? 0 : Failures.BAD;
        }
    }

    private RunReport run(GuestMemorySystem system, RunOptions options) {
        try (ProgressLine progress = ProgressLine.on(console, "run")) {
            return runner.run(system, options, progress);
        }
    }

    /// Who asks for every architecture is not content with those that could be loaded; who names some gets those.
    private static List<Finding> unusable(GuestMemorySystem system, RunOptions options) {
        return options.architectures().isEmpty()
                ? system.problems().stream().filter(problem -> problem.severity() == Finding.Severity.ERROR).toList()
                : List.of();
    }
}
