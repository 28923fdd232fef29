package org.enclosure.testarch.host;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.spi.VmTraits;
import org.enclosure.testarch.guest.TestGuestDriver;
import org.enclosure.testarch.launch.PageLoader;
import org.enclosure.testarch.launch.TestLaunch;
import org.enclosure.testarch.launch.TestPlanner;
import org.enclosure.testarch.machine.TestMachine;

/// What VMs of all types have in common.
abstract class TestVm implements VmBackend {
    final TestMachine machine;
    final int owner;
    private final VmTraits traits;
    private final AtomicBoolean launched = new AtomicBoolean();

    TestVm(TestMachine machine, int owner, VmContext context) {
        this.machine = machine;
        this.owner = owner;
        traits = context.type().traits();
    }

    /// How a page of the launch gets into the VM.
    abstract PageLoader loader();

    @Override
    public final VmTraits traits() {
        return traits;
    }

    @Override
    public final LaunchSession launch(Map<String, String> options) {
        TestPlanner.checkOptions(options);
        if (!launched.compareAndSet(false, true)) {
            throw new IllegalStateException("the VM has been launched before; a VM is launched at most once");
        }
        return new TestLaunch(machine.memory(), loader());
    }

    @Override
    public final GuestDriver guestDriver() {
        return new TestGuestDriver(traits);
    }
}
