package org.enclosure.cli.verify;

import java.util.ArrayDeque;
import java.util.Deque;

import org.enclosure.cli.script.BareMachine;
import org.enclosure.cli.script.MachineOptions;
import org.enclosure.spi.ArchitectureProvider;

/// The machines that a case has opened.
public final class OpenMachines implements Machines, AutoCloseable {
    private final ArchitectureProvider provider;
    private final Deque<BareMachine> open = new ArrayDeque<>();

    /// None is open yet.
    public OpenMachines(ArchitectureProvider provider) {
        this.provider = provider;
    }

    @Override
    public ArchitectureProvider provider() {
        return provider;
    }

    @Override
    public BareMachine open(MachineOptions options) {
        BareMachine machine = BareMachine.open(provider, options);
        open.push(machine);
        return machine;
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            open.pop().close();
        }
    }
}
