package org.enclosure.bench;

import java.util.function.Supplier;

import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/// A bare VM that is renewed before each batch of pages that come. It has a machine of its own: JMH hands a set-up that asks for the
/// benchmark's object another one than the one that is measured.
@State(Scope.Thread)
@SuppressWarnings("NullAway.Init") // JMH calls the set-up first
public abstract class RenewedVm {
    private final Supplier<Renewable> opening;
    private Renewable machine;

    RenewedVm(Supplier<Renewable> opening) {
        this.opening = opening;
    }

    /// Opens the machine.
    @Setup
    public void open() {
        machine = opening.get();
    }

    /// Closes the machine.
    @TearDown
    public void close() {
        machine.close();
    }

    /// Replaces the VM; one page stays, so that the tables are there.
    @Setup(Level.Invocation)
    public void renew() {
        machine.renew();
        machine.map(0);
    }

    /// Maps the pages of a batch but the first, which is there.
    void mapBatch(int batch, Allocated allocated) {
        allocated.begin();
        for (long page = 1; page < batch; page++) {
            machine.map(page);
        }
        allocated.end();
    }
}
