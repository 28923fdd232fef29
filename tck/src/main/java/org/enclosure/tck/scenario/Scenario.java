package org.enclosure.tck.scenario;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.spi.VmType;
import org.enclosure.tck.machine.TestHost;
import org.enclosure.tck.oracle.Oracle;
import org.enclosure.tck.plugin.Plugin;

/// A machine with one or more VMs, on which a test does one step after the other in plain Java. After each step all pages of
/// all VMs are compared with the oracle; what fails says after which steps.
///
/// ```java
/// try (Scenario scenario = new Scenario(plugin, type)) {
///     scenario.vm("A").accept(1, 8).write(1, 8).share(1, 2).hostWrite(1, 8).read(1, 8);
/// }
/// ```
public final class Scenario implements AutoCloseable {
    private static final long FIRST_WORD = 0x5ce0_0000_0000_0000L;

    private final VmType type;
    private final TestHost host;
    private final Oracle oracle;
    private final List<String> steps = new ArrayList<>();
    private long lastWord = FIRST_WORD;

    /// Opens the machine.
    ///
    /// @param type of its VMs
    public Scenario(Plugin plugin, VmType type) {
        this.type = type;
        host = new TestHost(plugin);
        oracle = new Oracle(host, false);
    }

    /// Launches a VM: 8M of memory in one slot, all private, with an image of 16K at 2M.
    public Actor vm(String name) {
        return new Actor(this, name, host.createVm(type, "backing=in-place", "after=keep"));
    }

    Oracle oracle() {
        return oracle;
    }

    long newWord() {
        return ++lastWord;
    }

    void step(String what, Runnable body) {
        steps.add(what);
        try {
            body.run();
            oracle.compareAll();
        } catch (RuntimeException | AssertionError e) {
            throw new AssertionError(e.getMessage() + "; steps: " + String.join("; ", steps), e);
        }
    }

    /// Ends all VMs.
    @Override
    public void close() {
        host.close();
    }
}
