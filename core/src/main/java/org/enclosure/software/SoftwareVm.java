package org.enclosure.software;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmTraits;
import org.enclosure.spi.VmType;

/// One VM: an owner number in the machine's record. It takes no control frames.
final class SoftwareVm implements VmBackend {
    private final VmTraits traits;
    private final SoftwareOptions options;
    private final SoftwareTable table;
    private final PhysicalMemory memory;
    private final AtomicBoolean launched = new AtomicBoolean();

    SoftwareVm(VmType type, SoftwareOptions options, int owner, FrameOwners owners, PhysicalMemory memory) {
        traits = type.traits();
        this.options = options;
        table = new SoftwareTable(owners, owner);
        this.memory = memory;
    }

    @Override
    public VmTraits traits() {
        return traits;
    }

    @Override
    public GuestTable table() {
        return table;
    }

    @Override
    public VcpuBackend createVcpu(VcpuContext context) {
        return new SoftwareVcpu(hasPrivate(), options);
    }

    @Override
    public LaunchSession launch(Map<String, String> options) {
        SoftwarePlanner.checkOptions(options);
        if (!launched.compareAndSet(false, true)) {
            throw new IllegalStateException("the VM has been launched before; a VM is launched at most once");
        }
        return new SoftwareLaunch(memory, table, hasPrivate());
    }

    @Override
    public GuestDriver guestDriver() {
        return new SoftwareGuestDriver(hasPrivate());
    }

    @Override
    public long teardown(TableWork work) {
        return Status.OK;
    }

    @Override
    public void close() {
        // There is no control frame to give back.
    }

    private boolean hasPrivate() {
        return traits.has(VmTrait.PRIVATE_MEMORY);
    }
}
