package org.enclosure.testarch.host;

import org.enclosure.api.Paging;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmContext;
import org.enclosure.spi.VmTrait;
import org.enclosure.testarch.launch.PageLoader;
import org.enclosure.testarch.machine.Code;
import org.enclosure.testarch.machine.TestMachine;

/// A VM whose stage 2, or half of it, the machine keeps: an owner number and a control page, which is one frame of the context.
final class BackendOwnedVm extends TestVm {
    private final FrameCache frames;
    private final long control;
    private final BackendOwnedTable table;

    BackendOwnedVm(TestMachine machine, int owner, VmContext context) {
        super(machine, owner, context);
        frames = context.frames();
        if (frames.size() == 0) {
            throw new IllegalArgumentException(
                    "a VM of type " + context.type().id() + " needs 1 control frame and was given none");
        }
        control = frames.pop() << Paging.PAGE_SHIFT;
        int code = machine.stageTwo().init(control, owner);
        if (code != Code.SUCCESS) {
            frames.push(control >>> Paging.PAGE_SHIFT);
            throw new IllegalArgumentException(
                    "the machine does not take control page 0x" + Long.toHexString(control) + ": "
                            + Code.NAMES.get(code));
        }
        table = new BackendOwnedTable(machine, control, context.type().traits().has(VmTrait.SHARED_TABLE_OWNED));
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
        return new BackendOwnedVcpu(machine, control);
    }

    /// Takes the tables apart; the frames of pages stay the VM's until they are removed.
    @Override
    public long teardown(TableWork work) {
        while (work.frames.size() < work.frames.capacity()) {
            long pa = machine.stageTwo().dropTable(control);
            if (pa < 0) {
                return Status.OK;
            }
            work.frames.push(pa >>> Paging.PAGE_SHIFT);
        }
        return Status.MORE;
    }

    @Override
    public void close() {
        if (machine.stageTwo().close(control) == Code.SUCCESS) {
            frames.push(control >>> Paging.PAGE_SHIFT);
        }
    }
}
