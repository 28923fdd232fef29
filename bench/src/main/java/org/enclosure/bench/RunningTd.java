package org.enclosure.bench;

import java.util.Map;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.spi.VcpuBackend;

/// A TD on a machine of its own, with one vCPU that is inside.
final class RunningTd implements Renewable {
    private static final int TDCALL = 1;
    /// Leaf TDG.MEM.PAGE.ACCEPT.
    private static final long ACCEPT = 6;
    private static final int ACCESS = Access.READ | Access.WRITE | Access.PRIVATE;

    private final FaultDetail detail = new FaultDetail();
    private final GuestCall call = new GuestCall();
    private final RegisterFile registers = new RegisterFile();
    private final BareVm machine;
    private VcpuBackend vcpu;

    /// Opens the machine, and enters the TD.
    ///
    /// @param removable pages that may be there when the TD ends
    RunningTd(int removable) {
        machine = new BareVm("x86-tdx", "td", Map.of()).removing(removable);
        vcpu = enter();
    }

    private VcpuBackend enter() {
        VcpuBackend entered = machine.createVcpu();
        BareVm.require(entered.enter(call, detail));
        return entered;
    }

    private void leave() {
        vcpu.leave(VcpuBackend.LEFT_STOP, detail);
        vcpu.close();
    }

    @Override
    public void renew() {
        leave();
        machine.renew();
        vcpu = enter();
    }

    /// TDH.MEM.PAGE.AUG by the host, TDG.MEM.PAGE.ACCEPT by the guest.
    @Override
    public void map(long page) {
        machine.map(page);
        call.reset();
        registers.set(0, ACCEPT);
        registers.set(1, BareVm.FIRST_GFN + page << Paging.PAGE_SHIFT);
        if (vcpu.trap(TDCALL, registers, call) != Status.OK || registers.get(0) != 0) {
            throw new BenchFailedException("ACCEPT answered 0x" + Long.toHexString(registers.get(0)));
        }
    }

    /// What the secure EPT says to the fill of a TLB entry.
    long admit(long page) {
        return vcpu.admit(BareVm.FIRST_GFN + page, Leaf.NONE, ACCESS, detail);
    }

    @Override
    public void close() {
        leave();
        machine.close();
    }
}
