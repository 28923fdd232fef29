package org.enclosure.testarch.host;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.testarch.machine.Code;
import org.enclosure.testarch.machine.FrameTable;
import org.enclosure.testarch.machine.FrameWord;
import org.enclosure.testarch.machine.TestMachine;
import org.enclosure.testarch.wire.Abi;

/// A vCPU whose translations are the engine's: each is checked against the frame table before it is used.
final class CoreOwnedVcpu extends TestVcpu {
    private final FrameTable frames;
    private final int owner;

    CoreOwnedVcpu(TestMachine machine, int owner) {
        super(machine, TestTypes.FORMAT.gfnLimit());
        frames = machine.frames();
        this.owner = owner;
    }

    @Override
    public long enter(GuestCall call, FaultDetail detail) {
        return Status.OK;
    }

    @Override
    public void leave(int reason, FaultDetail detail) {
        // There is no exit record to write.
    }

    @Override
    public long admit(long gfn, long leaf, int access, FaultDetail detail) {
        if (leaf == Leaf.NONE) {
            return fault(gfn, access, 0, detail);
        }
        long pfn = Leaf.pfn(leaf, gfn);
        long word = frames.word(pfn);
        boolean isPrivate = (access & Access.PRIVATE) != 0;
        if (isPrivate ? !FrameWord.is(word, owner, gfn) : word != FrameWord.HOST) {
            // The host took or moved the frame behind the back of the engine, whose fault will take it back or be refused.
            return fault(gfn, access, 0, detail);
        }
        boolean isLarge = (word & FrameWord.LARGE) != 0;
        if (isLarge && Leaf.level(leaf) == Paging.LEVEL_4K) {
            detail.gfn = gfn;
            return Status.of(Status.SPLIT, Paging.LEVEL_4K, 0);
        }
        if (isPrivate && (word & FrameWord.ACCEPTED) == 0) {
            detail.gfn = gfn;
            detail.event = GuestEvent.UNACCEPTED;
            return Status.of(Status.TO_GUEST);
        }
        // Only a large frame vouches for its neighbours.
        long checked = isLarge ? leaf : Leaf.of(pfn, Paging.LEVEL_4K, Leaf.permissions(leaf));
        return permitted(checked, gfn, access, detail);
    }

    @Override
    long accept(long gfn, int level, boolean accepted, RegisterFile registers, GuestCall call) {
        long leaf = call.leaf;
        if (leaf == Leaf.NONE) {
            call.needGfn = gfn;
            fault(gfn, Access.WRITE | Access.PRIVATE, level, call.detail); // what the engine is to resolve if it has none
            return Status.of(Status.NEED_LEAF);
        }
        long pfn = Leaf.pfn(leaf, gfn);
        long word = frames.word(pfn);
        if (!FrameWord.is(word, owner, gfn)) {
            return fault(gfn, Access.WRITE | Access.PRIVATE, level, call.detail);
        }
        boolean isLarge = (word & FrameWord.LARGE) != 0;
        if (isLarge && level == Paging.LEVEL_4K) {
            call.detail.gfn = gfn;
            return Status.of(Status.SPLIT, Paging.LEVEL_4K, 0);
        }
        if (!isLarge && level == Paging.LEVEL_2M) {
            return result(registers, Abi.SIZE_MISMATCH, 0);
        }
        boolean already = frames.accept(pfn, Paging.pages(level), accepted) == Code.ALREADY;
        result(registers, Abi.SUCCESS, already ? 1 : 0);
        call.detail.gfn = gfn;
        call.detail.npages = Paging.pages(level);
        return accepted ? Status.OK : Status.STALE;
    }
}
