package org.enclosure.cli;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;

import org.enclosure.cli.verify.Adapters;
import org.enclosure.cli.verify.VectorFile;
import org.enclosure.cli.verify.Verifier;
import org.enclosure.cli.verify.VerifyReport;
import org.enclosure.core.GuestMemorySystem;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `verify`: runs every case of a vector file against a plugin, on bare machines.
@Command(name = "verify", description = {"Run the cases of a vector file against an architecture's plugin.",
        "Each runs on a bare machine, without the engine. The format: docs/verify.md."})
final class VerifyCommand implements Callable<Integer> {
    private final Console console;
    private final Architectures architectures;

    @Parameters(paramLabel = "FILE", description = "The vectors, JSON or YAML.") private String file = "";

    @Option(names = "--arch", required = true, paramLabel = "ID", description = "The architecture; 'enclosure plugins' lists them.") private String arch = "";

    @Option(names = "--section", paramLabel = "NAME[,NAME...]", description = "Only these sections; may be repeated.") private List<String> sections = new ArrayList<>();

    @Option(names = "--case", paramLabel = "ID", description = "Only this case.") private @Nullable String caseId;

    @Option(names = "--json", description = "Print one JSON object.") private boolean json;

    VerifyCommand(Console console, Architectures architectures) {
        this.console = console;
        this.architectures = architectures;
    }

    @Override
    public Integer call() {
        Set<String> only = new LinkedHashSet<>(CommaSeparated.parts("--section", sections));
        try (GuestMemorySystem system = architectures.load()) {
            Verifier verifier = new Verifier(Architectures.find(system, "--arch", arch).provider(), Adapters.all());
            VectorFile vectors = VectorFile.read(InputFile.path("vectors", file));
            VerifyReport report = verifier.run(vectors, only, caseId);
            if (report.passed() + report.failed() == 0) {
                throw new UnusableInput("vectors " + Escape.quote(file) + ": nothing was run: " + report.skipped()
                        + " cases, all skipped for what is not there");
            }
            console.out().println(json ? Json.text(VerifyJson.of(report)) : VerifyText.of(report));
            return report.failed() == 0 && report.passed() > 0 ? 0 : Failures.BAD;
        }
    }
}
