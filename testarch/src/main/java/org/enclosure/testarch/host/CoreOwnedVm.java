package org.enclosure.testarch.host;

import org.enclosure.spi.GuestTable;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmContext;
import org.enclosure.testarch.launch.PageLoader;
import org.enclosure.testarch.machine.TestMachine;

/// A VM whose stage 2 the engine keeps: nothing but an owner number.
final class CoreOwnedVm extends TestVm {
    private final CoreOwnedTable table;

    CoreOwnedVm(TestMachine machine, int owner, VmContext context) {
        super(machine, owner, context);
        table = new CoreOwnedTable(machine, owner);
    }

    @Override
    PageLoader loader() {
        return table::load;
    }

    @Override
    public GuestTable table() {
        return table;
    }

    @Override
    public VcpuBackend createVcpu(VcpuContext context) {
        return new CoreOwnedVcpu(machine, owner);
    }

    @Override
    public long teardown(TableWork work) {
        return Status.OK;
    }

    @Override
    public void close() {
        // There is no control frame to give back.
    }
}
