package org.enclosure.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;

import org.enclosure.bench.BenchOptions;
import org.enclosure.bench.BenchReport;
import org.enclosure.bench.BenchSuite;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `bench`: measures what the project promises, and shows each number beside its floor and its target.
///
/// A target that is missed is no failure of the command: it is what was measured.
@Command(name = "bench", description = {"Measure, and show each figure beside its floor and its target.",
        "Takes about half an hour; use a machine that does nothing else."})
final class BenchCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(arity = "0..*", paramLabel = "NAME", description = "The rows to measure; all of them by default.") private final List<String> names = new ArrayList<>();

    @Option(names = "--quick", description = {
            "One JVM per figure and little time: orders of magnitude in a few minutes."}) private boolean quick;

    @Option(names = "--json", description = "Print one JSON object.") private boolean json;

    BenchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        List<String> known = BenchSuite.names();
        for (String name : names) {
            if (!known.contains(name)) {
                throw new UnusableInput(
                        "row " + Escape.quote(name) + " is not known; there are: " + String.join(", ", known));
            }
        }
        BenchReport report = measure();
        console.out().println(json ? Json.text(BenchJson.of(report)) : BenchText.of(report));
        return 0;
    }

    private BenchReport measure() {
        try (ProgressLine progress = ProgressLine.on(console, "bench")) {
            return BenchSuite.run(new BenchOptions(names, quick),
                    (what, done, total) -> progress.onStep("JVM " + (done + 1), what, done, total));
        }
    }
}
