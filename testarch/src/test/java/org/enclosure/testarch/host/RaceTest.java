package org.enclosure.testarch.host;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.enclosure.spi.GuestTable;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VmType;
import org.enclosure.testarch.Bare;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Two threads on one frame: of two VMs, and of one.
@Timeout(120)
class RaceTest {
    private static final int ROUNDS = 2_000;

    private final Bare bare = new Bare();
    private final TableWork mine = bare.work(TableWork.FAULT, Bare.PRIVATE);
    private final TableWork theirs = bare.work(TableWork.FAULT, Bare.PRIVATE);

    static List<VmType> types() {
        return TestTypes.ALL;
    }

    @ParameterizedTest
    @MethodSource("types")
    void map3ShouldGiveAFrameToOneOfTwoVms(VmType type) throws Exception {
        GuestTable first = bare.vm(type).table();
        GuestTable second = bare.vm(type).table();
        race(() -> insist(first, 512, 512, 2, mine), () -> insist(second, 600, 600, 1, theirs), (large, small) -> {
            boolean largeWon = large >= 0;
            assertEquals(Status.OK, Math.max(large, small));
            assertEquals(Status.DENIED, Status.kind(Math.min(large, small)));
            remove(largeWon ? first : second, largeWon ? 512 : 600, largeWon ? 512 : 1);
        });
    }

    @ParameterizedTest
    @MethodSource("types")
    void map2ShouldMapAPageOnceForTwoVcpus(VmType type) throws Exception {
        GuestTable table = bare.vm(type).table();
        race(() -> insist(table, 600, 600, 1, mine), () -> insist(table, 600, 600, 1, theirs), (one, two) -> {
            assertEquals(Status.OK, Math.min(one, two));
            assertEquals(Status.SPURIOUS, Math.max(one, two));
            remove(table, 600, 1);
        });
    }

    @ParameterizedTest
    @MethodSource("types")
    void map1ShouldMapEitherAllOrAPieceForTwoVcpus(VmType type) throws Exception {
        GuestTable table = bare.vm(type).table();
        race(() -> insist(table, 512, 512, 2, mine), () -> insist(table, 600, 600, 1, theirs), (large, small) -> {
            boolean largeWon = large == Status.OK;
            assertTrue(largeWon ? small == Status.SPURIOUS : Status.kind(large) == Status.LEVEL && small == Status.OK,
                    Status.describe(large) + ", " + Status.describe(small));
            remove(table, largeWon ? 512 : 600, largeWon ? 512 : 1);
        });
    }

    private interface Check {
        void outcome(long mine, long theirs);
    }

    private static void race(Callable<Long> here, Callable<Long> there, Check check) throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            for (int round = 0; round < ROUNDS; round++) {
                Future<Long> second = other.submit(() -> {
                    start.await();
                    return there.call();
                });
                start.await();
                long first = here.call();
                check.outcome(first, second.get());
            }
        }
    }

    private static long insist(GuestTable table, long gfn, long pfn, int level, TableWork work) {
        while (true) {
            long status = table.map(gfn, pfn, level, work);
            if (Status.kind(status) != Status.RETRY) {
                return status;
            }
            Thread.onSpinWait();
        }
    }

    private void remove(GuestTable table, long gfn, long npages) {
        table.block(gfn, npages, mine);
        table.flush(mine);
        assertEquals(Status.OK, table.remove(gfn, gfn, npages, mine));
        for (long pfn = gfn; pfn < gfn + npages; pfn++) {
            assertEquals(Status.OK, bare.platform.hostAccess(pfn, 0, mine.detail));
        }
    }
}
