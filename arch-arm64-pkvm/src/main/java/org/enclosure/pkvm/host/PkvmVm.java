package org.enclosure.pkvm.host;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.guest.PkvmGuestDriver;
import org.enclosure.pkvm.launch.PkvmLaunch;
import org.enclosure.pkvm.launch.PkvmPlanner;
import org.enclosure.pkvm.machine.El2;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.spi.VmTraits;

/// A VM: a handle of EL2, and one frame that is the root of its stage 2.
final class PkvmVm implements VmBackend {
    private final El2 el2;
    private final VmTraits traits;
    private final FrameCache frames;
    private final long rootPfn;
    private final long handle;
    private final boolean isProtected;
    private final PkvmTable table;
    private final Teardown teardown;
    private final AtomicBoolean launched = new AtomicBoolean();

    PkvmVm(El2 el2, VmContext context, boolean isProtected) {
        this.el2 = el2;
        this.isProtected = isProtected;
        traits = context.type().traits();
        frames = context.frames();
        if (frames.size() == 0) {
            throw new IllegalArgumentException("a VM of the arm64-pkvm platform needs 1 frame and was given none");
        }
        rootPfn = frames.pop();
        handle = init(rootPfn << Paging.PAGE_SHIFT);
        if (handle < 0) {
            frames.push(rootPfn);
            throw new IllegalArgumentException(
                    "EL2 does not create a VM with its root at pa=0x" + Long.toHexString(rootPfn << Paging.PAGE_SHIFT)
                            + ": " + HypErrno.name(handle));
        }
        MemcacheFiller filler = new MemcacheFiller(el2, handle);
        table = isProtected ? new ProtectedTable(el2, handle, filler) : new UnprotectedTable(el2, handle, filler);
        teardown = new Teardown(el2, handle, isProtected);
    }

    private long init(long pa) {
        while (true) {
            long answer = el2.vmCalls().initVm(pa, isProtected);
            if (answer != HypErrno.ERESTART) {
                return answer;
            }
            Thread.onSpinWait();
        }
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
        return new PkvmVcpu(el2, handle);
    }

    @Override
    public LaunchSession launch(Map<String, String> options) {
        PkvmPlanner.checkOptions(options);
        if (!launched.compareAndSet(false, true)) {
            throw new IllegalStateException("the VM has been launched before; a VM is launched at most once");
        }
        return new PkvmLaunch(el2.memory(), table::load);
    }

    @Override
    public GuestDriver guestDriver() {
        return new PkvmGuestDriver();
    }

    /// Starts EL2's teardown, reclaims all pages, and gives the table frames back.
    @Override
    public long teardown(TableWork work) {
        return teardown.step(work);
    }

    @Override
    public void close() {
        if (teardown.isDone()) {
            frames.push(rootPfn);
        }
    }
}
