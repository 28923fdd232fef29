package org.enclosure.cli;

import java.util.List;
import java.util.concurrent.Callable;

import org.enclosure.cli.script.BareMachine;
import org.enclosure.cli.script.MachineOptions;
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.core.plugin.FoundArchitecture;
import org.enclosure.spi.Operation;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `ops`: what a platform's machine can do.
@Command(name = "ops", description = "List an architecture's operations: names, operands, outputs, statuses.")
final class OpsCommand implements Callable<Integer> {
    private final Console console;
    private final Architectures architectures;

    @Option(names = "--arch", required = true, paramLabel = "ID", description = "The architecture; 'enclosure plugins' lists them.") private String arch = "";

    @Option(names = "--json", description = "Print one JSON object.") private boolean json;

    OpsCommand(Console console, Architectures architectures) {
        this.console = console;
        this.architectures = architectures;
    }

    @Override
    public Integer call() {
        try (GuestMemorySystem system = architectures.load()) {
            FoundArchitecture found = Architectures.find(system, "--arch", arch);
            try (BareMachine machine = BareMachine.open(found.provider(), MachineOptions.defaults())) {
                List<Operation> operations = machine.operations().list();
                console.out().println(json ? Json.text(OpsJson.of(arch, operations)) : OpsText.of(arch, operations));
            }
        }
        return 0;
    }
}
