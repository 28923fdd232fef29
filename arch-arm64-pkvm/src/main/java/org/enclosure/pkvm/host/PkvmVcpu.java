package org.enclosure.pkvm.host;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.pkvm.machine.El2;
import org.enclosure.pkvm.machine.GuestStage2;
import org.enclosure.pkvm.machine.Hypercall;
import org.enclosure.pkvm.wire.Annotation;
import org.enclosure.pkvm.wire.Descriptor;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.pkvm.wire.Smccc;
import org.enclosure.pkvm.wire.Syndrome;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.spi.VcpuBackend;

/// A vCPU: what EL2 lets it reach, and its HVCs.
final class PkvmVcpu implements VcpuBackend {
    private static final int RESULTS = 4;
    private static final long NO_REGION = -1;

    private final El2 el2;
    private final GuestStage2 tables;
    private final long handle;
    private final long root;
    private final Hypercall hypercall = new Hypercall();
    private boolean loaded;
    /// The table of 4K entries that was used last, and the 2M of guest memory that it is for. It stays until the VM ends.
    private long region = NO_REGION;
    private long table;

    PkvmVcpu(El2 el2, long handle) {
        this.el2 = el2;
        this.handle = handle;
        tables = el2.guestStage2();
        root = el2.inspection().root(handle);
    }

    /// A VM in teardown cannot load vCPUs, and a machine whose EL2 has panicked runs nothing.
    @Override
    public long enter(GuestCall call, FaultDetail detail) {
        if (el2.isPanicked() || !loaded && el2.vmCalls().vcpuLoad(handle) != HypErrno.OK) {
            return Status.of(Status.VM_DEAD);
        }
        loaded = true;
        return Status.OK;
    }

    @Override
    public void leave(int reason, FaultDetail detail) {
        if (loaded) {
            loaded = false;
            el2.vmCalls().vcpuPut(handle);
        }
    }

    /// Looks at the guest's stage 2. An entry that is not valid is an abort that the host sees; a poisoned one ends KVM_RUN with
    /// EFAULT.
    @Override
    public long admit(long gfn, long leaf, int access, FaultDetail detail) {
        long wanted = gfn >>> Paging.LEVEL_SHIFT;
        if (wanted != region && !enterRegion(gfn)) {
            return admitSlowly(gfn, access, detail);
        }
        long entry = tables.pageEntry(table, gfn);
        return Descriptor.isValid(entry) ? judge(entry, Paging.LEVEL_4K, gfn, access, detail)
                : refuse(entry, gfn, access, detail);
    }

    private boolean enterRegion(long gfn) {
        long found = gfn < 0 || gfn >= GuestStage2.GFN_LIMIT ? -1 : tables.pageTable(root, gfn);
        if (found >= 0) {
            table = found;
            region = gfn >>> Paging.LEVEL_SHIFT;
        }
        return found >= 0;
    }

    /// There is no table of 4K entries: a block, or nothing.
    private long admitSlowly(long gfn, int access, FaultDetail detail) {
        if (gfn < 0 || gfn >= GuestStage2.GFN_LIMIT) {
            return refuse(0, gfn, access, detail);
        }
        long entry = el2.inspection().guestDescriptor(handle, gfn);
        int level = el2.inspection().guestLevel(handle, gfn);
        return Descriptor.isValid(entry) && level <= Paging.LEVEL_2M ? judge(entry, level, gfn, access, detail)
                : refuse(0, gfn, access, detail);
    }

    private static long judge(long entry, int level, long gfn, int access, FaultDetail detail) {
        int permissions = ((entry & Descriptor.READ) != 0 ? Leaf.READ : 0)
                | ((entry & Descriptor.WRITE) != 0 ? Leaf.WRITE : 0)
                | ((entry & Descriptor.EXECUTE_NEVER) == 0 ? Leaf.EXECUTE : 0);
        // The permissions of a leaf and of an access are the same bits.
        if ((access & Leaf.ALL & ~permissions) != 0 || permissions == 0) {
            return refuse(0, gfn, access, detail);
        }
        return Leaf.of(Descriptor.address(entry) >>> Paging.PAGE_SHIFT, level, permissions);
    }

    private static long refuse(long entry, long gfn, int access, FaultDetail detail) {
        detail.gfn = gfn;
        detail.access = access;
        detail.wantedLevel = 0;
        detail.code = Syndrome.guestAbort((access & Access.WRITE) != 0);
        detail.info1 = Syndrome.hpfar(gfn);
        return Status.of(entry == Annotation.POISON ? Status.TO_VMM : Status.FAULT);
    }

    @Override
    public long trap(int instruction, RegisterFile registers, GuestCall call) {
        if (instruction != Smccc.HVC) {
            call.detail.event = GuestEvent.ABORT;
            call.detail.code = instruction;
            return Status.of(Status.TO_GUEST);
        }
        el2.hypercalls().decode(handle, registers.get(0), registers.get(1), registers.get(2), registers.get(3),
                hypercall);
        return switch (hypercall.action) {
            case Hypercall.DONE -> results(registers);
            case Hypercall.ABORT -> refuse(0, hypercall.gfn, Access.READ | Access.WRITE, call.detail);
            case Hypercall.SHARE -> request(call, false);
            case Hypercall.UNSHARE -> request(call, true);
            default -> perform(registers, call);
        };
    }

    /// What nobody else has to be told of. A page that was given up is out of all TLBs of the VM before the guest goes on.
    private long perform(RegisterFile registers, GuestCall call) {
        boolean gives = hypercall.action == Hypercall.RELINQUISH;
        el2.hypercalls().perform(handle, hypercall);
        if (hypercall.action == Hypercall.BUSY) {
            return Status.of(Status.RETRY);
        }
        call.detail.gfn = hypercall.gfn;
        call.detail.npages = 1;
        results(registers);
        return gives && hypercall.results[0] == Smccc.SUCCESS ? Status.STALE : Status.OK;
    }

    /// The guest may share what is its own: the host is told and cannot refuse. What it takes back the host may still use.
    private long request(GuestCall call, boolean toPrivate) {
        call.request = GuestCall.CONVERT;
        call.style = toPrivate ? GuestCall.STYLE_UNSHARE : GuestCall.STYLE_NONE;
        call.flags = GuestCall.TABLE_WORK | (toPrivate ? 0 : GuestCall.MANDATORY);
        call.gfn = hypercall.gfn;
        call.npages = hypercall.npages;
        call.toPrivate = toPrivate;
        call.number = Smccc.SERVICE & 0xffff_ffffL | (toPrivate ? Smccc.MEM_UNSHARE : Smccc.MEM_SHARE);
        return Status.REQUEST;
    }

    /// A host that still uses a page which the guest takes back is asked again, as often as needed; it delays nobody but itself.
    @Override
    public long answer(GuestCall call, long hostStatus, RegisterFile registers) {
        if (Status.kind(hostStatus) == Status.RETRY && hypercall.action == Hypercall.UNSHARE) {
            return Status.REQUEST;
        }
        el2.hypercalls().finish(hypercall, hostStatus >= 0);
        return results(registers);
    }

    private long results(RegisterFile registers) {
        for (int i = 0; i < RESULTS; i++) {
            registers.set(i, hypercall.results[i]);
        }
        return Status.OK;
    }

    @Override
    public void close() {
        leave(LEFT_STOP, new FaultDetail());
    }
}
