package org.enclosure.software;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.enclosure.api.Access;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SoftwareTableTest {
    private static final int PRIVATE = Access.READ | Access.WRITE | Access.PRIVATE;
    private static final int SHARED = Access.READ | Access.WRITE;

    private final Bare bare = new Bare();
    private final GuestTable first = bare.vm(SoftwareTypes.PROTECTED).table();
    private final GuestTable second = bare.vm(SoftwareTypes.PROTECTED).table();
    private final TableWork work = Bare.work(TableWork.FAULT, PRIVATE);
    private final FaultDetail detail = new FaultDetail();

    @Test
    void shouldRefuseTheHostFromMapToRemove() {
        assertEquals(Status.OK, bare.platform.hostAccess(5, Access.READ, detail));
        assertEquals(Status.OK, first.map(100, 5, 1, work));
        assertEquals(1, work.level);
        assertEquals(Status.DENIED, Status.kind(bare.platform.hostAccess(5, Access.READ, detail)));
        assertEquals(1, detail.owner);
        assertEquals(5, detail.pfn);
        assertEquals(Status.DENIED, Status.kind(bare.platform.hostAccess(5, Access.WRITE | Access.DEVICE, detail)));
        assertEquals(Status.OK, first.remove(100, 5, 1, Bare.work(TableWork.CONVERT, PRIVATE)));
        assertEquals(Status.OK, bare.platform.hostAccess(5, Access.WRITE, detail));
    }

    @Test
    void map1ShouldChangeNothingWhenItFails() {
        second.map(0, 700, 1, work);
        assertEquals(Status.DENIED, Status.kind(first.map(512, 512, 2, work)));
        for (long pfn = 512; pfn < 1024; pfn++) {
            assertEquals(pfn == 700 ? Status.DENIED : 0,
                    Status.kind(bare.platform.hostAccess(pfn, Access.READ, detail)));
        }
    }

    @Test
    void map2ShouldCallTheSecondMapOfAPageSpurious() {
        assertEquals(Status.OK, first.map(512, 512, 2, work));
        assertEquals(Status.SPURIOUS, first.map(512, 512, 2, work));
        assertEquals(2, work.level);
    }

    @Test
    void map3ShouldNameTheOwnerOfAForeignFrame() {
        first.map(100, 9, 1, work);
        for (int access : new int[] {PRIVATE, SHARED}) {
            work.reset(TableWork.FAULT, access);
            assertEquals(Status.DENIED, Status.kind(second.map(200, 9, 1, work)));
            assertEquals(1, work.detail.owner);
            assertEquals(9, work.detail.pfn);
        }
    }

    @Test
    void shouldDenyAFrameThatTheMachineDoesNotHave() {
        assertEquals(Status.DENIED, Status.kind(first.map(0, Bare.FRAMES, 1, work)));
        assertEquals(FaultDetail.NOBODY, work.detail.owner);
        assertEquals(Status.DENIED, Status.kind(bare.platform.hostAccess(Bare.FRAMES, Access.READ, detail)));
        assertEquals(Status.DENIED, Status.kind(bare.platform.hostAccess(-1, Access.READ, detail)));
    }

    @Test
    void shouldTakeNothingForASharedPage() {
        work.reset(TableWork.FAULT, SHARED);
        assertEquals(Status.OK, first.map(0, 0, 2, work));
        assertEquals(Status.OK, bare.platform.hostAccess(0, Access.WRITE, detail));
        assertEquals(Status.SPURIOUS, first.remove(0, 0, 512, Bare.work(TableWork.PUNCH, SHARED)));
    }

    @Test
    void rem1ShouldReportTheContentAsKept() {
        first.map(3, 3, 1, work);
        TableWork removal = Bare.work(TableWork.CONVERT, PRIVATE);
        removal.content = TableWork.LOST;
        assertEquals(Status.OK, first.remove(3, 3, 1, removal));
        assertEquals(TableWork.KEPT, removal.content);
        assertEquals(1, removal.done);
    }

    @Test
    void shouldKeepTheHostOutWhenAPageLosesItsSlotUntilItIsFreed() {
        first.map(3, 3, 1, work);
        assertEquals(Status.OK, first.remove(3, 3, 1, Bare.work(TableWork.SLOT, PRIVATE)));
        assertEquals(Status.DENIED, Status.kind(bare.platform.hostAccess(3, Access.READ, detail)));
        assertEquals(Status.OK, first.remove(-1, 3, 1, Bare.work(TableWork.PUNCH, PRIVATE)));
        assertEquals(Status.OK, bare.platform.hostAccess(3, Access.READ, detail));
    }

    @Test
    void shouldTellTheStatesOfAPage() {
        assertEquals(SoftwareTypes.STATE_HOLE, first.inspect(1, -1, work));
        TableWork shared = Bare.work(TableWork.FAULT, 0);
        assertEquals(SoftwareTypes.STATE_SHARED, first.inspect(1, 1, shared));
        assertEquals(SoftwareTypes.STATE_PRIVATE, first.inspect(1, 1, work), "private before its first use, too");
        first.map(1, 1, 1, work);
        assertEquals(SoftwareTypes.STATE_PRIVATE, first.inspect(1, 1, work));
        assertEquals(SoftwareTypes.STATE_SHARED, second.inspect(1, 1, shared), "it is not private to this VM");
    }

    @Test
    void map3ShouldGiveAFrameToOneOfTwoVmsThatMapItAtOnce() throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        TableWork otherWork = Bare.work(TableWork.FAULT, PRIVATE);
        try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
            for (int round = 0; round < 20_000; round++) {
                Future<Long> other = executor.submit(() -> {
                    start.await();
                    return second.map(7, 33, 1, otherWork);
                });
                start.await();
                long mine = first.map(9, 33, 1, work);
                long theirs = other.get();
                GuestTable winner = mine == Status.OK ? first : second;
                assertEquals(Status.OK, Math.max(mine, theirs));
                assertEquals(Status.DENIED, Status.kind(Math.min(mine, theirs)));
                assertEquals(Status.OK, winner.remove(7, 33, 1, work));
            }
        }
    }
}
