package org.enclosure.tdx.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.tdx.wire.Tdcall;
import org.enclosure.tdx.wire.TdxStatus;
import org.junit.jupiter.api.Test;

class TdxVcpuTest {
    private static final long GFN = 0x200;
    private static final long PFN = BareTd.FRAMES;

    @Test
    void shouldFaultMapAcceptAndAdmit() {
        try (BareTd td = new BareTd(Map.of())) {
            assertEquals(Status.FLUSH_TLB, td.enter());
            assertEquals(Status.FAULT, Status.kind(td.admit(GFN)));
            assertEquals(Status.OK, td.map(GFN, PFN, Paging.LEVEL_4K));
            assertEquals(Status.TO_GUEST, Status.kind(td.admit(GFN)));
            assertEquals(GuestEvent.UNACCEPTED, td.detail.event);
            td.memory().putLong(PFN << Paging.PAGE_SHIFT, -1);
            assertEquals(Status.OK, td.accept(GFN, Paging.LEVEL_4K));
            assertEquals(0, td.registers.get(0));
            assertEquals(Leaf.of(PFN, Paging.LEVEL_4K, Leaf.ALL), td.admit(GFN));
            assertTrue(td.memory().isZero(PFN << Paging.PAGE_SHIFT, Paging.PAGE_SIZE));
            assertEquals(Status.OK, td.accept(GFN, Paging.LEVEL_4K));
            assertEquals(TdxStatus.PAGE_ALREADY_ACCEPTED, td.registers.get(0));
        }
    }

    /// The information of a #VE is there once.
    @Test
    void shouldTellOfAVirtualizationExceptionOnce() {
        try (BareTd td = new BareTd(Map.of())) {
            td.enter();
            td.tdcall(Tdcall.VP_VEINFO_GET, 0);
            assertEquals(TdxStatus.NO_VALID_VE_INFO, td.registers.get(0));
            td.map(GFN, PFN, Paging.LEVEL_4K);
            td.admit(GFN);
            td.tdcall(Tdcall.VP_VEINFO_GET, 0);
            assertEquals(0, td.registers.get(0));
            assertEquals(Tdcall.EPT_VIOLATION, td.registers.get(1));
            assertEquals(GFN << Paging.PAGE_SHIFT, td.registers.get(9));
            td.tdcall(Tdcall.VP_VEINFO_GET, 0);
            assertEquals(TdxStatus.NO_VALID_VE_INFO, td.registers.get(0));
        }
    }

    @Test
    void shouldEndATdThatTouchesAPendingPageWithVeDisabled() {
        try (BareTd td = new BareTd(Map.of("sept-ve-disable", "yes"))) {
            td.enter();
            td.map(GFN, PFN, Paging.LEVEL_4K);
            assertEquals(Status.VM_DEAD, Status.kind(td.admit(GFN)));
            td.leave();
            assertEquals(Status.VM_DEAD, Status.kind(td.enter()));
        }
    }

    /// A larger page that waits for its acceptance is split, a smaller one is told to the guest, a missing one is a fault.
    @Test
    void shouldAnswerAcceptancesBySize() {
        try (BareTd td = new BareTd(Map.of())) {
            td.enter();
            assertEquals(Status.FAULT, Status.kind(td.accept(GFN, Paging.LEVEL_2M)));
            assertEquals(Paging.LEVEL_2M, td.call.detail.wantedLevel);
            assertEquals(Status.OK, td.map(GFN, PFN, Paging.LEVEL_2M));
            long status = td.accept(GFN + 5, Paging.LEVEL_4K);
            assertEquals(Status.SPLIT, Status.kind(status));
            assertEquals(Paging.LEVEL_4K, Status.argument(status));
            td.block(GFN, 512);
            td.flush();
            td.leave();
            td.work.reset(TableWork.CONVERT, Access.PRIVATE);
            assertEquals(Status.OK, td.table.resize(GFN, PFN, Paging.LEVEL_4K, td.work));
            td.enter();
            assertEquals(Status.OK, td.accept(GFN, Paging.LEVEL_2M));
            assertEquals(TdxStatus.PAGE_SIZE_MISMATCH | 1, td.registers.get(0));
            assertEquals(Status.OK, td.accept(GFN + 5, Paging.LEVEL_4K));
            assertEquals(0, td.registers.get(0));
            assertEquals(PFN + 5, Leaf.pfn(td.admit(GFN + 5)));
        }
    }

    /// The host's write is seen when the page is consumed, and by that TD only.
    @Test
    void shouldMeetAMachineCheckOnAPageThatTheHostHasWritten() {
        try (BareTd td = new BareTd(Map.of())) {
            FaultDetail detail = new FaultDetail();
            td.enter();
            td.map(GFN, PFN, Paging.LEVEL_4K);
            td.accept(GFN, Paging.LEVEL_4K);
            assertEquals(Status.JUNK, td.platform.hostAccess(PFN, Access.READ, detail));
            assertTrue(td.admit(GFN) > 0);
            assertEquals(Status.POISONED | Status.STALE, td.platform.hostAccess(PFN, Access.WRITE, detail));
            assertTrue(td.enter() >= 0);
            assertEquals(Status.VM_DEAD, Status.kind(td.admit(GFN)));
            assertEquals(TdxStatus.NON_RECOVERABLE_TD, td.detail.code);
        }
    }

    /// A page that was poisoned before it was accepted is written as a whole by the acceptance.
    @Test
    void shouldCureAPoisonedPageByItsAcceptance() {
        try (BareTd td = new BareTd(Map.of())) {
            td.enter();
            td.map(GFN, PFN, Paging.LEVEL_4K);
            td.platform.hostAccess(PFN, Access.WRITE, new FaultDetail());
            td.accept(GFN, Paging.LEVEL_4K);
            assertEquals(PFN, Leaf.pfn(td.admit(GFN)));
        }
    }

    @Test
    void shouldEndATdWhoseControlPageTheHostHasWritten() {
        try (BareTd td = new BareTd(Map.of())) {
            td.enter();
            td.map(GFN, PFN, Paging.LEVEL_4K);
            td.accept(GFN, Paging.LEVEL_4K);
            long tdr = 16 + 64 - 1; // the first frame that was popped
            assertEquals(Status.POISONED | Status.STALE, td.platform.hostAccess(tdr, Access.WRITE, new FaultDetail()));
            assertEquals(Status.VM_DEAD, Status.kind(td.admit(GFN)));
        }
    }

    /// The cached table of the last 2M is as old as a TLB entry may be: a kick drops it.
    @Test
    void shouldNotAdmitThroughATableThatIsGone() {
        try (BareTd td = new BareTd(Map.of())) {
            td.enter();
            for (int i = 0; i < 512; i++) {
                td.map(GFN + i, PFN + i, Paging.LEVEL_4K);
                td.accept(GFN + i, Paging.LEVEL_4K);
            }
            assertEquals(Paging.LEVEL_4K, Leaf.level(td.admit(GFN)));
            td.work.reset(TableWork.CONVERT, Access.PRIVATE);
            assertEquals(Status.RETRY, Status.kind(td.table.resize(GFN, PFN, Paging.LEVEL_2M, td.work)));
            td.leave();
            td.work.reset(TableWork.CONVERT, Access.PRIVATE);
            assertEquals(Status.OK, td.table.resize(GFN, PFN, Paging.LEVEL_2M, td.work));
            td.enter();
            assertEquals(Leaf.of(PFN, Paging.LEVEL_2M, Leaf.ALL), td.admit(GFN));
        }
    }

    @Test
    void shouldRefuseToMergeWhatIsMixed() {
        try (BareTd td = new BareTd(Map.of())) {
            td.enter();
            td.map(GFN, PFN, Paging.LEVEL_4K);
            td.accept(GFN, Paging.LEVEL_4K);
            td.leave();
            td.work.reset(TableWork.CONVERT, Access.PRIVATE);
            assertEquals(Status.DENIED, Status.kind(td.table.resize(GFN, PFN, Paging.LEVEL_2M, td.work)));
            td.enter();
            assertEquals(PFN, Leaf.pfn(td.admit(GFN)));
        }
    }

    @Test
    void shouldGiveAllFramesBack() {
        try (BareTd td = new BareTd(Map.of())) {
            int tables = td.work.frames.size();
            int control = td.control.size();
            td.enter();
            td.map(GFN, PFN, Paging.LEVEL_4K);
            td.map(0x4_0000, PFN + 1, Paging.LEVEL_4K);
            td.map(0x800, PFN + 512, Paging.LEVEL_2M);
            td.leave();
            td.vcpu.close();
            assertEquals(16, td.vcpuFrames.size());
            td.work.reset(TableWork.TEARDOWN, Access.PRIVATE);
            assertEquals(Status.OK, td.vm.teardown(td.work));
            assertEquals(tables, td.work.frames.size());
            assertEquals(Status.OK, td.remove(GFN, PFN, 2));
            assertEquals(Status.OK, td.remove(0x800, PFN + 512, 512));
            assertEquals(TableWork.ZEROED, td.work.content);
            td.vm.close();
            assertEquals(64, td.control.size());
            assertTrue(control < 64);
        }
    }
}
