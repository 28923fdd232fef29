package org.enclosure.testarch.host;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.testarch.machine.Entry;
import org.enclosure.testarch.machine.FrameWord;
import org.enclosure.testarch.machine.StageTwo;
import org.enclosure.testarch.machine.TestMachine;
import org.enclosure.testarch.wire.Abi;

/// A vCPU whose private translations, or all, are the machine's.
final class BackendOwnedVcpu extends TestVcpu {
    private static final int NOT_INSIDE = -1;

    private final StageTwo tables;
    private final long control;
    /// The epoch of the last entry; the engine's state word serialises `enter` and `leave`.
    private int epoch;
    private boolean inside;

    BackendOwnedVcpu(TestMachine machine, long control) {
        super(machine, StageTwo.GFN_LIMIT);
        tables = machine.stageTwo();
        this.control = control;
        epoch = NOT_INSIDE;
    }

    @Override
    public long enter(GuestCall call, FaultDetail detail) {
        if (tables.isDead(control)) {
            return Status.of(Status.VM_DEAD);
        }
        int entered = machine.epochs().enter(control);
        boolean isNew = entered != epoch;
        epoch = entered;
        inside = true;
        return isNew ? Status.FLUSH_TLB : Status.OK;
    }

    @Override
    public void leave(int reason, FaultDetail detail) {
        if (inside) {
            inside = false;
            machine.epochs().leave(control, epoch);
        }
    }

    @Override
    public long admit(long gfn, long leaf, int access, FaultDetail detail) {
        if (leaf != Leaf.NONE) {
            return permitted(leaf, gfn, access, detail);
        }
        if (gfn >= StageTwo.GFN_LIMIT) {
            return fault(gfn, access, 0, detail);
        }
        long where = tables.find(control, gfn, Paging.LEVEL_4K);
        long entry = tables.entry(where);
        if (!isReachable(entry, (access & Access.PRIVATE) != 0)) {
            return fault(gfn, access, 0, detail);
        }
        long found = Leaf.of(Entry.address(entry) >>> Paging.PAGE_SHIFT, StageTwo.level(where), Leaf.ALL);
        long word = machine.frames().word(Leaf.pfn(found, gfn));
        if ((word & FrameWord.POISONED) != 0) {
            tables.kill(control);
            detail.gfn = gfn;
            detail.access = access;
            detail.pfn = Leaf.pfn(found, gfn);
            return Status.of(Status.VM_DEAD);
        }
        return found;
    }

    /// Private pages come zeroed and accepted: all that is left to do is to bring the page in, in the size asked for.
    @Override
    long accept(long gfn, int level, boolean accepted, RegisterFile registers, GuestCall call) {
        long where = tables.find(control, gfn, Paging.LEVEL_4K);
        long entry = tables.entry(where);
        if (accepted && !isReachable(entry, true)) {
            return fault(gfn, Access.WRITE | Access.PRIVATE, level, call.detail);
        }
        if (accepted && StageTwo.level(where) > level) {
            call.detail.gfn = gfn;
            return Status.of(Status.SPLIT, level, 0);
        }
        boolean fits = !accepted || StageTwo.level(where) == level;
        return result(registers, fits ? Abi.SUCCESS : Abi.SIZE_MISMATCH, 1);
    }

    private static boolean isReachable(long entry, boolean isPrivate) {
        return Entry.isLeaf(entry) && (entry & Entry.BLOCKED) == 0 && (entry & Entry.PRIVATE) != 0 == isPrivate;
    }
}
