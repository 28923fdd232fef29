package org.enclosure.testarch.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.util.List;

import org.enclosure.api.Access;
import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.testarch.Bare;
import org.enclosure.testarch.wire.Abi;
import org.junit.jupiter.api.Test;

class CoreOwnedTest {
    private static final long SMALL = Leaf.of(9, 1, Leaf.ALL);
    private static final long LARGE = Leaf.of(512, 2, Leaf.ALL);

    private final Bare bare = new Bare();
    private final VmBackend vm = bare.vm(TestTypes.CORE_OWNED);
    private final GuestTable table = vm.table();
    private final VcpuBackend vcpu = vm.createVcpu(new VcpuContext(0, bare.frames(0)));
    private final TableWork work = bare.work(TableWork.FAULT, Bare.PRIVATE);
    private final FaultDetail detail = new FaultDetail();
    private final RegisterFile registers = new RegisterFile();
    private final GuestCall call = new GuestCall();

    @Test
    void shouldFaultWithoutALeaf() {
        assertEquals(Status.FAULT, Status.kind(vcpu.admit(100, Leaf.NONE, Bare.PRIVATE, detail)));
        assertEquals(100, detail.gfn);
        assertEquals(Bare.PRIVATE, detail.access);
    }

    @Test
    void shouldTellTheGuestOfAnUnacceptedPageAndAdmitAnAcceptedOne() {
        table.map(100, 9, 1, work);
        assertEquals(Status.TO_GUEST, Status.kind(vcpu.admit(100, SMALL, Bare.PRIVATE, detail)));
        assertEquals(GuestEvent.UNACCEPTED, detail.event);
        assertEquals(Status.OK, accept(100, 1, true, SMALL));
        assertEquals(0, registers.get(1), "it was not accepted before");
        assertEquals(SMALL, vcpu.admit(100, SMALL, Bare.PRIVATE, detail));
        assertEquals(Status.OK, accept(100, 1, true, SMALL));
        assertEquals(1, registers.get(1), "it was accepted before");
    }

    @Test
    void stale1ShouldSayStaleWithTheRangeWhenTheGuestTakesItsAcceptanceBack() {
        table.map(512, 512, 2, work);
        accept(512, 2, true, LARGE);
        assertEquals(Status.STALE, accept(512, 2, false, LARGE));
        assertEquals(512, call.detail.gfn);
        assertEquals(512, call.detail.npages);
        assertEquals(Status.TO_GUEST, Status.kind(vcpu.admit(700, LARGE, Bare.PRIVATE, detail)));
    }

    @Test
    void shouldAskForTheLeafAndSayWhichFaultBringsIt() {
        registers.set(1, 100 << 12);
        registers.set(2, 1);
        registers.set(3, 1);
        for (int round = 0; round < 2; round++) {
            assertEquals(Status.NEED_LEAF, Status.kind(vcpu.trap(Abi.ACCEPT, registers, call)));
            assertEquals(100, call.needGfn);
            assertEquals(Access.WRITE | Access.PRIVATE, call.detail.access);
            assertEquals(1, call.detail.wantedLevel);
        }
    }

    @Test
    void shouldAskForASplitWhenSizesDiffer() {
        table.map(512, 512, 2, work);
        assertEquals(Status.SPLIT, Status.kind(accept(600, 1, true, LARGE)));
        assertEquals(600, call.detail.gfn);
        long piece = Leaf.of(600, 1, Leaf.ALL);
        assertEquals(Status.SPLIT, Status.kind(vcpu.admit(600, piece, Bare.PRIVATE, detail)));
        assertEquals(Status.OK, table.resize(600, 600, 1, work));
        assertEquals(Status.SPURIOUS, table.resize(600, 600, 1, work));
        assertEquals(Status.OK, accept(600, 1, true, piece));
        assertEquals(piece, vcpu.admit(600, piece, Bare.PRIVATE, detail));
        accept(512, 2, true, LARGE);
        assertEquals(Abi.SIZE_MISMATCH, registers.get(0));
        assertEquals(Status.DENIED, Status.kind(table.resize(600, 600, 2, work)));
    }

    @Test
    void shouldAdmitNoMoreOfAHugeLeafThanTheFrameTableVouchesFor() {
        table.map(600, 600, 1, work);
        accept(600, 1, true, LARGE);
        assertEquals(Leaf.of(600, 1, Leaf.ALL), vcpu.admit(600, LARGE, Bare.PRIVATE, detail));
        assertEquals(Leaf.of(700, 1, Leaf.ALL), vcpu.admit(700, LARGE, Bare.SHARED, detail));
    }

    @Test
    void shouldNotAdmitWhatTheFrameTableGivesToAnother() {
        bare.vm(TestTypes.CORE_OWNED).table().map(100, 9, 1, work);
        assertEquals(Status.FAULT, Status.kind(vcpu.admit(100, SMALL, Bare.PRIVATE, detail)));
        assertEquals(Status.FAULT, Status.kind(vcpu.admit(100, SMALL, Bare.SHARED, detail)));
        assertEquals(Status.FAULT, Status.kind(accept(100, 1, true, SMALL)));
        table.map(101, 10, 1, work);
        assertEquals(Status.FAULT, Status.kind(vcpu.admit(100, Leaf.of(10, 1, Leaf.ALL), Bare.PRIVATE, detail)),
                "another gfn");
    }

    @Test
    void shouldTellTheGuestWhenTheHostTookAPageAndGaveItBack() {
        table.map(100, 9, 1, work);
        accept(100, 1, true, SMALL);
        table.remove(100, 9, 1, work);
        assertEquals(Status.FAULT, Status.kind(vcpu.admit(100, SMALL, Bare.PRIVATE, detail)));
        table.map(100, 9, 1, work);
        assertEquals(Status.TO_GUEST, Status.kind(vcpu.admit(100, SMALL, Bare.PRIVATE, detail)));
    }

    @Test
    void shouldFaultWhenThePermissionIsMissing() {
        long readOnly = Leaf.of(9, 1, Leaf.READ);
        assertEquals(readOnly, vcpu.admit(100, readOnly, Access.READ, detail));
        assertEquals(Status.FAULT, Status.kind(vcpu.admit(100, readOnly, Access.WRITE, detail)));
    }

    @Test
    void map1ShouldAnswerLevelWhenSmallPagesAreInTheWay() {
        table.map(600, 600, 1, work);
        long status = table.map(512, 512, 2, work);
        assertEquals(Status.LEVEL, Status.kind(status));
        assertEquals(1, Status.argument(status));
        assertEquals(Status.OK, bare.platform.hostAccess(512, Access.WRITE, detail), "nothing changed");
    }

    @Test
    void map2ShouldCallTheSecondMapOfAPageSpurious() {
        assertEquals(Status.OK, table.map(512, 512, 2, work));
        accept(512, 2, true, LARGE);
        assertEquals(Status.SPURIOUS, table.map(512, 512, 2, work));
        assertEquals(2, work.level);
        assertEquals(Status.SPURIOUS, table.map(600, 600, 1, work));
    }

    @Test
    void map3ShouldNameTheOwnerOfAForeignFrame() {
        table.map(100, 9, 1, work);
        GuestTable other = bare.vm(TestTypes.CORE_OWNED).table();
        for (int access : List.of(Bare.PRIVATE, Bare.SHARED)) {
            work.reset(TableWork.FAULT, access);
            assertEquals(Status.DENIED, Status.kind(other.map(100, 9, 1, work)));
            assertEquals(1, work.detail.owner);
            assertEquals(9, work.detail.pfn);
        }
        assertEquals(Status.DENIED, Status.kind(other.map(0, Bare.FRAMES, 1, work)));
        assertEquals(FaultDetail.NOBODY, work.detail.owner);
    }

    @Test
    void rem1ShouldLoseTheContent() {
        table.map(100, 9, 1, work);
        bare.memory.putLong(9 << 12, 0x1234);
        work.reset(TableWork.CONVERT, Bare.PRIVATE);
        assertEquals(Status.OK, table.remove(100, 9, 1, work));
        assertEquals(TableWork.LOST, work.content);
        assertNotEquals(0x1234, bare.memory.getLong(9 << 12));
        assertEquals(Status.SPURIOUS, table.remove(100, 9, 1, work));
        assertEquals(TableWork.KEPT, work.content);
    }

    @Test
    void shouldKeepTheFrameWhenAPageLosesItsSlotUntilItIsFreed() {
        table.map(100, 9, 1, work);
        accept(100, 1, true, SMALL);
        work.reset(TableWork.SLOT, Bare.PRIVATE);
        assertEquals(Status.OK, table.remove(100, 9, 1, work));
        assertEquals(TableWork.KEPT, work.content);
        assertEquals(SMALL, vcpu.admit(100, SMALL, Bare.PRIVATE, detail),
                "the same page bound again is accepted still");
        work.reset(TableWork.PUNCH, Bare.PRIVATE);
        assertEquals(Status.OK, table.remove(-1, 9, 1, work));
        assertEquals(Status.OK, bare.platform.hostAccess(9, Access.WRITE, detail));
    }

    @Test
    void shouldGiveTheHostJunkAndRefuseItsWrites() {
        table.map(100, 9, 1, work);
        assertEquals(Status.JUNK, bare.platform.hostAccess(9, Access.READ, detail));
        assertEquals(100, detail.gfn);
        assertEquals(1, detail.owner);
        assertEquals(Status.DENIED, Status.kind(bare.platform.hostAccess(9, Access.WRITE, detail)));
        assertEquals(Status.OK, bare.platform.hostAccess(10, Access.WRITE, detail));
        assertEquals(Status.DENIED, Status.kind(bare.platform.hostAccess(Bare.FRAMES, Access.READ, detail)));
        assertEquals(Status.DENIED, Status.kind(bare.platform.hostAccess(-1, Access.READ, detail)));
    }

    @Test
    void shouldNameTheStateOfAPage() {
        List<String> states = TestTypes.CORE_OWNED.pageStates();
        assertEquals("HOLE", states.get((int) table.inspect(100, -1, work)));
        assertEquals("SHARED", states.get((int) table.inspect(100, 9, work)));
        table.map(100, 9, 1, work);
        assertEquals("UNACCEPTED", states.get((int) table.inspect(100, 9, work)));
        accept(100, 1, true, SMALL);
        assertEquals("ACCEPTED", states.get((int) table.inspect(100, 9, work)));
    }

    @Test
    void shouldRefuseBadOperandsOfAccept() {
        long limit = TestTypes.FORMAT.gfnLimit() << 12;
        long[][] bad = {{1, 1, 1}, {0, 0, 1}, {0, 3, 1}, {0, 1, 2}, {4096, 2, 1}, {limit, 1, 1}, {-4096, 1, 0}};
        for (long[] operands : bad) {
            call.reset();
            for (int i = 0; i < operands.length; i++) {
                registers.set(i + 1, operands[i]);
            }
            assertEquals(Status.OK, vcpu.trap(Abi.ACCEPT, registers, call));
            assertEquals(Abi.BAD_OPERAND, registers.get(0));
        }
    }

    private long accept(long gfn, int level, boolean accepted, long leaf) {
        call.reset();
        registers.set(1, gfn << 12);
        registers.set(2, level);
        registers.set(3, accepted ? 1 : 0);
        assertEquals(Status.NEED_LEAF, Status.kind(vcpu.trap(Abi.ACCEPT, registers, call)));
        call.leaf = leaf;
        return vcpu.trap(Abi.ACCEPT, registers, call);
    }
}
