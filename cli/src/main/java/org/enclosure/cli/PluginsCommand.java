package org.enclosure.cli;

import java.util.List;
import java.util.concurrent.Callable;

import org.enclosure.core.GuestMemorySystem;
import org.enclosure.core.plugin.Finding;
import org.enclosure.core.plugin.FoundArchitecture;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `plugins`: what was found, and what is wrong with the rest.
@Command(name = "plugins", description = "Show the architectures found: versions, VM types, from which jar; and what is wrong.")
final class PluginsCommand implements Callable<Integer> {
    private final Console console;
    private final Architectures architectures;

    @Option(names = "--verbose", description = "Show traits and legal policies too, the default first.") private boolean verbose;

    @Option(names = "--json", description = "Print one JSON object.") private boolean json;

    PluginsCommand(Console console, Architectures architectures) {
        this.console = console;
        this.architectures = architectures;
    }

    @Override
    public Integer call() {
        try (GuestMemorySystem system = architectures.load()) {
            List<FoundArchitecture> found = system.architectures();
            List<Finding> problems = system.problems();
            console.out().println(json
                    ? Json.text(PluginsJson.of(found, problems)) : PluginsText.of(found, problems, verbose));
            boolean broken = problems.stream().anyMatch(problem -> problem.severity() == Finding.Severity.ERROR);
            return broken ? Failures.BAD : 0;
        }
    }
}
