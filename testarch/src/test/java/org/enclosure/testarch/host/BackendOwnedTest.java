package org.enclosure.testarch.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.enclosure.api.Access;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.testarch.Bare;
import org.enclosure.testarch.machine.Entry;
import org.enclosure.testarch.wire.Abi;
import org.junit.jupiter.api.Test;

class BackendOwnedTest {
    private final Bare bare = new Bare();
    private final FrameCache control = bare.frames(1);
    private final VmBackend vm = bare.platform.create(new VmContext(TestTypes.BACKEND_OWNED, 4, -1, control, Map.of()));
    private final GuestTable table = vm.table();
    private final VcpuBackend vcpu = vm.createVcpu(new VcpuContext(0, bare.frames(0)));
    private final TableWork work = bare.work(TableWork.FAULT, Bare.PRIVATE);
    private final FaultDetail detail = new FaultDetail();
    private final GuestCall call = new GuestCall();
    private final RegisterFile registers = new RegisterFile();

    @Test
    void shouldFaultUntilThePageIsMapped() {
        assertEquals(Status.FAULT, Status.kind(vcpu.admit(100, Leaf.NONE, Bare.PRIVATE, detail)));
        assertEquals(Status.OK, table.map(100, 9, 1, work));
        assertEquals(Leaf.of(9, 1, Leaf.ALL), vcpu.admit(100, Leaf.NONE, Bare.PRIVATE, detail));
        assertEquals(Status.FAULT, Status.kind(vcpu.admit(101, Leaf.NONE, Bare.PRIVATE, detail)));
        assertEquals(Status.FAULT, Status.kind(vcpu.admit(100, Leaf.NONE, Bare.SHARED, detail)), "the other kind");
        assertEquals(Status.FAULT, Status.kind(vcpu.admit(1L << 40, Leaf.NONE, Bare.PRIVATE, detail)),
                "beyond the tables");
        long shared = Leaf.of(5, 1, Leaf.ALL);
        assertEquals(shared, vcpu.admit(100, shared, Bare.SHARED, detail), "the engine's own half");
    }

    @Test
    void shouldZeroAPageBeforeTheGuestCanReachIt() {
        bare.memory.putLong(9 << 12, 77);
        table.map(100, 9, 1, work);
        assertTrue(bare.memory.isZero(9 << 12, 4096));
        bare.memory.putLong(9 << 12, 77);
        assertEquals(Status.SPURIOUS, table.map(100, 9, 1, work));
        assertEquals(77, bare.memory.getLong(9 << 12), "a second map does not zero again");
    }

    @Test
    void frm1ShouldPopThreeFramesForTheFirstPageAndNoneForTheNext() {
        int before = work.frames.size();
        table.map(100, 9, 1, work);
        assertEquals(before - 3, work.frames.size());
        table.map(101, 10, 1, work);
        assertEquals(before - 3, work.frames.size());
        table.map(512, 512, 2, work);
        assertEquals(before - 3, work.frames.size(), "a 2M page lies beside the table of 4K pages");
    }

    @Test
    void frm1ShouldAskForFramesAndChangeNothingWhenTheyAreMissing() {
        TableWork poor = new TableWork(bare.frames(2));
        poor.reset(TableWork.FAULT, Bare.PRIVATE);
        long status = table.map(100, 9, 1, poor);
        assertEquals(Status.NEED_FRAMES, Status.kind(status));
        assertEquals(3, Status.argument(status));
        assertEquals(2, poor.frames.size());
        assertEquals(Status.OK, bare.platform.hostAccess(9, Access.WRITE, detail));
    }

    @Test
    void map1ShouldNotMapA2MPageOverATable() {
        table.map(600, 600, 1, work);
        long status = table.map(512, 512, 2, work);
        assertEquals(Status.LEVEL, Status.kind(status));
        assertEquals(Status.OK, bare.platform.hostAccess(512, Access.WRITE, detail));
    }

    @Test
    void map1ShouldLeaveNoFrameTakenWhenOneIsForeign() {
        bare.vm(TestTypes.BACKEND_OWNED).table().map(0, 600, 1, work);
        assertEquals(Status.DENIED, Status.kind(table.map(512, 512, 2, work)));
        assertEquals(2, work.detail.owner);
        assertEquals(600, work.detail.pfn);
        for (long pfn = 512; pfn < 1024; pfn++) {
            assertEquals(pfn == 600, bare.platform.hostAccess(pfn, Access.READ, detail) != Status.OK);
        }
        assertEquals(Status.FAULT, Status.kind(vcpu.admit(512, Leaf.NONE, Bare.PRIVATE, detail)));
    }

    @Test
    void map3ShouldDenyASharedMappingOfAPrivateFrame() {
        table.map(100, 9, 1, work);
        work.reset(TableWork.FAULT, Bare.SHARED);
        assertEquals(Status.DENIED, Status.kind(table.map(100, 9, 1, work)));
        assertEquals(1, work.detail.owner);
        assertEquals(Status.OK, table.map(100, 10, 1, work));
    }

    @Test
    void map3ShouldDenyASecondPageForTheSameFrame() {
        table.map(100, 9, 1, work);
        assertEquals(Status.DENIED, Status.kind(table.map(101, 9, 1, work)));
        assertEquals(Status.DENIED, Status.kind(table.map(100, 10, 1, work)), "another frame for the same page");
    }

    @Test
    void shouldReachABlockedPageNoMoreAndMapAgainUnblocksIt() {
        table.map(100, 9, 1, work);
        bare.memory.putLong(9 << 12, 77);
        assertEquals(Status.OK, table.block(100, 1, work));
        assertEquals(Status.FAULT, Status.kind(vcpu.admit(100, Leaf.NONE, Bare.PRIVATE, detail)));
        assertEquals("BLOCKED", state(100));
        assertEquals(Status.OK, table.map(100, 9, 1, work));
        assertEquals(77, bare.memory.getLong(9 << 12));
        assertEquals("PRIVATE", state(100));
    }

    @Test
    void shouldRemoveOnlyWhatWasBlockedAndFlushed() {
        table.map(100, 9, 1, work);
        work.reset(TableWork.CONVERT, Bare.PRIVATE);
        assertEquals(Status.RETRY, Status.kind(table.remove(100, 9, 1, work)));
        table.block(100, 1, work);
        assertEquals(Status.RETRY, Status.kind(table.remove(100, 9, 1, work)));
        assertEquals(Status.OK, table.flush(work));
        assertEquals(Status.OK, table.remove(100, 9, 1, work));
        assertEquals(TableWork.ZEROED, work.content);
        assertTrue(bare.memory.isZero(9 << 12, 4096));
        assertEquals(Status.OK, bare.platform.hostAccess(9, Access.WRITE, detail));
        assertEquals(Status.SPURIOUS, table.remove(100, 9, 1, work));
    }

    @Test
    void shouldNotFlushWhileAVcpuOfTheOldEpochIsInside() {
        table.map(100, 9, 1, work);
        assertEquals(Status.FLUSH_TLB, vcpu.enter(call, detail), "the first entry");
        vcpu.leave(VcpuBackend.LEFT_FAULT, detail);
        assertEquals(Status.OK, vcpu.enter(call, detail), "the same epoch");
        table.block(100, 1, work);
        assertEquals(Status.RETRY, Status.kind(table.flush(work)));
        vcpu.leave(VcpuBackend.LEFT_KICK, detail);
        assertEquals(Status.FLUSH_TLB, vcpu.enter(call, detail));
        assertEquals(Status.OK, table.flush(work));
        assertEquals(Status.OK, table.remove(100, 9, 1, work));
    }

    @Test
    void shouldSplitALargePageWithOneFrameAndKeepItsBytes() {
        table.map(512, 512, 2, work);
        bare.memory.putLong(600 << 12, 77);
        assertEquals(Status.RETRY, Status.kind(table.resize(600, 600, 1, work)), "not blocked");
        table.block(600, 1, work);
        table.flush(work);
        assertEquals(Status.NEED_FRAMES, Status.kind(table.resize(600, 600, 1, new TableWork(new FrameCache(1)))));
        int before = work.frames.size();
        assertEquals(Status.OK, table.resize(600, 600, 1, work));
        assertEquals(before - 1, work.frames.size());
        assertEquals(Leaf.of(600, 1, Leaf.ALL), vcpu.admit(600, Leaf.NONE, Bare.PRIVATE, detail));
        assertEquals(77, bare.memory.getLong(600 << 12));
        assertEquals(Status.SPURIOUS, table.resize(600, 600, 1, work));
    }

    @Test
    void shouldMergeABlockAndGiveItsTableBack() {
        table.map(512, 512, 2, work);
        table.block(600, 1, work);
        table.flush(work);
        table.resize(600, 600, 1, work);
        bare.memory.putLong(600 << 12, 77);
        int before = work.frames.size();
        assertEquals(Status.OK, table.resize(600, 600, 2, work));
        assertEquals(before + 1, work.frames.size());
        assertEquals(Leaf.of(512, 2, Leaf.ALL), vcpu.admit(600, Leaf.NONE, Bare.PRIVATE, detail));
        assertEquals(77, bare.memory.getLong(600 << 12));
        long table2 = work.frames.pop();
        assertEquals(Status.OK, bare.platform.hostAccess(table2, Access.WRITE, detail), "the frame is the host's");
        assertEquals(Status.SPURIOUS, table.resize(600, 600, 2, work));
        assertEquals(Status.DENIED, Status.kind(table.resize(600, 600, 3, work)));
    }

    @Test
    void shouldMergeOnlyABlockOfOneKindInOneBlockOfFrames() {
        assertEquals(Status.DENIED, Status.kind(table.resize(600, 600, 2, work)), "nothing is there");
        for (int i = 0; i < 511; i++) {
            table.map(512 + i, 512 + i, 1, work);
        }
        assertEquals(Status.DENIED, Status.kind(table.resize(512, 512, 2, work)), "a hole");
        table.map(1023, 9, 1, work);
        assertEquals(Status.DENIED, Status.kind(table.resize(512, 512, 2, work)), "a frame from elsewhere");
        work.reset(TableWork.CONVERT, Bare.PRIVATE);
        table.block(1023, 1, work);
        table.flush(work);
        table.remove(1023, 9, 1, work);
        table.map(1023, 1023, 1, work);
        table.block(700, 1, work);
        assertEquals(Status.DENIED, Status.kind(table.resize(512, 512, 2, work)), "a blocked page");
        table.map(700, 700, 1, work);
        assertEquals(Status.OK, table.resize(512, 512, 2, work));
    }

    @Test
    void shouldNotRemoveAPartOfALargePage() {
        table.map(512, 512, 2, work);
        work.reset(TableWork.CONVERT, Bare.PRIVATE);
        table.block(512, 512, work);
        table.flush(work);
        assertEquals(Status.RETRY, Status.kind(table.remove(512, 512, 511, work)));
        assertEquals(Status.RETRY, Status.kind(table.remove(513, 513, 511, work)));
        assertEquals(Status.OK, table.remove(512, 512, 512, work));
        assertEquals(Status.OK, bare.platform.hostAccess(1023, Access.WRITE, detail));
    }

    @Test
    void blk1ShouldBlockNothingWhenOnePageOfTheRangeIsLocked() {
        load(new LaunchItem(LaunchItem.Kind.PAGE, 105, 1, 0, 0, Entry.LOCKED), 20);
        table.map(100, 9, 1, work);
        work.reset(TableWork.CONVERT, Bare.PRIVATE);
        assertEquals(Status.DENIED, Status.kind(table.block(100, 10, work)));
        assertEquals(105, work.detail.gfn);
        assertEquals("PRIVATE", state(100));
        assertEquals(Status.OK, table.block(100, 5, work));
        work.toPrivate = true;
        assertEquals(Status.OK, table.block(100, 10, work), "a split changes no kind");
        work.reset(TableWork.PUNCH, Bare.PRIVATE);
        assertEquals(Status.OK, table.block(105, 1, work), "only conversions are refused");
    }

    @Test
    void shouldPoisonOnAHostWriteAndDieWhenTheGuestTouchesIt() {
        table.map(100, 9, 1, work);
        assertEquals(Status.OK, Status.kind(vcpu.enter(call, detail)));
        assertEquals(Status.JUNK, bare.platform.hostAccess(9, Access.READ, detail));
        assertEquals(Status.POISONED | Status.STALE, bare.platform.hostAccess(9, Access.WRITE | Access.DEVICE, detail));
        assertEquals(100, detail.gfn);
        assertEquals(1, detail.owner);
        assertEquals(Status.VM_DEAD, Status.kind(vcpu.admit(100, Leaf.NONE, Bare.PRIVATE, detail)));
        vcpu.leave(VcpuBackend.LEFT_STOP, detail);
        assertEquals(Status.VM_DEAD, Status.kind(vcpu.enter(call, detail)));
    }

    @Test
    void shouldRefuseAHostWriteToATable() {
        table.map(100, 9, 1, work);
        long tableFrame = control.capacity() == 0 ? 0 : 2048; // the control page was the first frame handed out
        assertEquals(Status.DENIED, Status.kind(bare.platform.hostAccess(tableFrame, Access.WRITE, detail)));
    }

    @Test
    void frm1ShouldGiveAllTablesBackWhenTheVmEnds() {
        int before = work.frames.size();
        table.map(100, 9, 1, work);
        table.map(1L << 30, 10, 1, work);
        int taken = before - work.frames.size();
        TableWork end = new TableWork(new FrameCache(4));
        end.reset(TableWork.TEARDOWN, Bare.PRIVATE);
        int given = 0;
        for (long status = Status.MORE; status == Status.MORE; given += drain(end)) {
            status = vm.teardown(end);
        }
        assertEquals(taken, given);
        assertEquals(Status.OK, table.remove(100, 9, 2, end));
        assertEquals(TableWork.ZEROED, end.content);
        vm.close();
        assertEquals(1, control.size());
        for (long pfn = 0; pfn < Bare.FRAMES; pfn++) {
            assertEquals(Status.OK, bare.platform.hostAccess(pfn, Access.WRITE, detail));
        }
    }

    @Test
    void shouldBringAPageInWhenTheGuestAcceptsIt() {
        assertEquals(Status.FAULT, Status.kind(accept(512, 2)));
        assertEquals(512, call.detail.gfn);
        assertEquals(2, call.detail.wantedLevel);
        table.map(512, 512, 2, work);
        assertEquals(Status.OK, accept(512, 2));
        assertEquals(Abi.SUCCESS, registers.get(0));
        long status = accept(600, 1);
        assertEquals(Status.SPLIT, Status.kind(status));
        assertEquals(1, Status.argument(status));
        table.map(0, 9, 1, work);
        assertEquals(Status.OK, accept(0, 2));
        assertEquals(Abi.SIZE_MISMATCH, registers.get(0));
    }

    @Test
    void shouldCountWhatWasInReachWhenItBlocks() {
        table.map(100, 9, 1, work);
        table.map(512, 512, 2, work);
        work.reset(TableWork.PUNCH, Bare.PRIVATE);
        table.block(0, 512, work);
        assertEquals(1, work.done);
        work.reset(TableWork.PUNCH, Bare.PRIVATE);
        table.block(0, 1024, work);
        assertEquals(513, work.done);
        work.reset(TableWork.PUNCH, Bare.PRIVATE);
        table.block(1024, 1 << 20, work);
        assertEquals(0, work.done, "nothing to flush");
        work.reset(TableWork.PUNCH, Bare.PRIVATE);
        table.block(1000, 100, work);
        assertEquals(24, work.done);
    }

    @Test
    void shouldHaveNothingToRemoveForFramesThatAreBoundNowhere() {
        work.reset(TableWork.PUNCH, Bare.PRIVATE);
        assertEquals(Status.SPURIOUS, table.remove(-1, 9, 1, work));
        assertEquals(TableWork.KEPT, work.content);
    }

    @Test
    void rem1ShouldNotCallARunZeroedThatWasMappedInPart() {
        table.map(100, 9, 1, work);
        work.reset(TableWork.CONVERT, Bare.PRIVATE);
        table.block(100, 2, work);
        table.flush(work);
        assertEquals(Status.OK, table.remove(100, 9, 2, work));
        assertEquals(TableWork.LOST, work.content);
    }

    @Test
    void shouldKeepSharedPagesInTheTableWhereItHasBothHalves() {
        VmBackend both = bare.vm(TestTypes.BACKEND_BOTH);
        VcpuBackend cpu = both.createVcpu(new VcpuContext(0, bare.frames(0)));
        work.reset(TableWork.FAULT, Bare.SHARED);
        bare.memory.putLong(9 << 12, 77);
        assertEquals(Status.OK, both.table().map(100, 9, 1, work));
        assertEquals(77, bare.memory.getLong(9 << 12), "shared pages are the engine's to zero");
        assertEquals(Leaf.of(9, 1, Leaf.ALL), cpu.admit(100, Leaf.NONE, Bare.SHARED, detail));
        assertEquals(Status.OK, bare.platform.hostAccess(9, Access.WRITE, detail), "the host keeps a shared frame");
        work.reset(TableWork.CONVERT, Bare.SHARED);
        both.table().block(100, 1, work);
        both.table().flush(work);
        assertEquals(Status.OK, both.table().remove(100, 9, 1, work));
        assertEquals(TableWork.KEPT, work.content);
        assertEquals(77, bare.memory.getLong(9 << 12));
    }

    private long accept(long gfn, int level) {
        call.reset();
        registers.set(1, gfn << 12);
        registers.set(2, level);
        registers.set(3, 1);
        return vcpu.trap(Abi.ACCEPT, registers, call);
    }

    private void load(LaunchItem item, long pfn) {
        assertEquals(Status.OK, vm.launch(Map.of()).page(item, pfn, pfn, work));
    }

    private static int drain(TableWork work) {
        int count = work.frames.size();
        while (work.frames.size() > 0) {
            work.frames.pop();
        }
        return count;
    }

    private String state(long gfn) {
        List<String> states = TestTypes.BACKEND_OWNED.pageStates();
        return states.get((int) table.inspect(gfn, -1, work));
    }
}
