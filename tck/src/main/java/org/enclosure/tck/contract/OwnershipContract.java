package org.enclosure.tck.contract;

import static org.enclosure.tck.machine.TestVm.FRESH;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.Status;
import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmType;
import org.enclosure.tck.machine.DirectTable;
import org.enclosure.tck.machine.TestHost;
import org.enclosure.tck.machine.TestVm;
import org.enclosure.tck.plugin.Plugin;

/// MAP-2, MAP-3, WAIT-1: one frame, and two who want it.
public abstract class OwnershipContract extends TypeContract {
    private static final int ROUNDS = 200;

    /// Creates the contract of a plugin.
    protected OwnershipContract(Plugin plugin) {
        super(plugin);
    }

    @EachType
    void map2ShouldSayThatAPageIsMappedAlready(VmType type) {
        try (TestHost host = host(); TestVm vm = host.launchVm(type); DirectTable table = new DirectTable(vm)) {
            long pfn = table.fresh(FRESH, 1);
            assertGood(table.map(FRESH, pfn, 1), "map");
            String state = table.state(FRESH, pfn);
            long again = table.map(FRESH, pfn, 1);
            assertTrue(Status.has(again, Status.SPURIOUS), () -> "the second map answered " + Status.describe(again));
            assertEquals(state, table.state(FRESH, pfn));
        }
    }

    @EachType
    void map2ShouldMapAPageOnceForTwoVcpus(VmType type) throws Exception {
        try (TestHost host = host();
                TestVm vm = host.launchVm(type);
                DirectTable mine = new DirectTable(vm);
                DirectTable theirs = new DirectTable(vm)) {
            long pfn = mine.fresh(FRESH, 1);
            for (int round = 0; round < ROUNDS; round++) {
                Race race = Race.of(() -> mine.map(FRESH, pfn, 1), () -> theirs.map(FRESH, pfn, 1));
                assertGood(race.here, "map of one of two");
                assertGood(race.there, "map of one of two");
                assertEquals(1, spurious(race.here) + spurious(race.there), "exactly one of two mapped the page");
                long status = mine.punch(FRESH, pfn, 1);
                assumeTrue(status >= 0, () -> "a hole is refused: " + Status.describe(status));
                assertTrue(host.isHosts(pfn), "after the hole");
            }
        }
    }

    private static int spurious(long status) {
        return Status.has(status, Status.SPURIOUS) ? 1 : 0;
    }

    @EachType
    void map3ShouldDenyAFrameOfAnotherVmAndNameTheOwner(VmType type) {
        try (TwoVms two = new TwoVms(host(), type)) {
            DirectTable mine = two.mine();
            DirectTable theirs = two.theirs();
            long pfn = mine.fresh(FRESH, 1);
            assertGood(mine.map(FRESH, pfn, 1), "map");
            String before = theirs.state(FRESH, -1);
            assertKind(Status.DENIED, theirs.map(FRESH, pfn, 1), "map of another VM's frame");
            assertNotEquals(FaultDetail.NOBODY, theirs.work().detail.owner, "the owner in the detail");
            assertEquals(before, theirs.state(FRESH, -1), "the other VM's page");
            assertFalse(two.host().isHosts(pfn), "the frame is still its owner's");
            long again = mine.map(FRESH, pfn, 1);
            assertTrue(Status.has(again, Status.SPURIOUS), () -> "its owner's map answers " + Status.describe(again));
        }
    }

    @EachType
    void map3ShouldDenyASharedMappingOfAPrivateFrameInATableOfItsOwn(VmType type) {
        assumeTrait(type, VmTrait.SHARED_TABLE_OWNED);
        try (TwoVms two = new TwoVms(host(), type)) {
            DirectTable mine = two.mine();
            DirectTable theirs = two.theirs();
            long pfn = mine.fresh(FRESH, 1);
            assertGood(mine.map(FRESH, pfn, 1), "map");
            theirs.withFrames(64);
            assertKind(Status.DENIED, theirs.mapOnce(FRESH, pfn, 1, Access.READ | Access.WRITE),
                    "a shared mapping of another VM's private frame");
        }
    }

    @EachType
    void map3ShouldGiveAFrameToOneOfTwoVms(VmType type) throws Exception {
        try (TwoVms two = new TwoVms(host(), type)) {
            DirectTable mine = two.mine();
            DirectTable theirs = two.theirs();
            long pfn = mine.fresh(FRESH, 1);
            for (int round = 0; round < ROUNDS; round++) {
                Race race = Race.of(() -> mine.map(FRESH, pfn, 1), () -> theirs.map(FRESH, pfn, 1));
                boolean isMine = race.here >= 0;
                assertGood(isMine ? race.here : race.there, "map of one of two VMs");
                assertKind(Status.DENIED, isMine ? race.there : race.here, "map of the other one");
                long status = (isMine ? mine : theirs).punch(FRESH, pfn, 1);
                assumeTrue(status >= 0, () -> "a hole is refused: " + Status.describe(status));
                assertTrue(two.host().isHosts(pfn), "after the hole");
            }
        }
    }

    @EachType
    void map3ShouldGiveABlockToOneAndAPageOfItToNobodyElse(VmType type) throws Exception {
        assumeHuge(type);
        try (TwoVms two = new TwoVms(host(), type)) {
            DirectTable mine = two.mine();
            DirectTable theirs = two.theirs();
            long first = GuestTableContract.huge(two.vm(), mine);
            long gpa = FRESH + 88 * TestVm.PAGE;
            for (int round = 0; round < ROUNDS; round++) {
                Race race = Race.of(() -> mine.map(FRESH, first, Paging.LEVEL_2M),
                        () -> theirs.map(gpa, first + 88, 1));
                boolean isMine = race.here >= 0 && mine.work().level == Paging.LEVEL_2M;
                assertEquals(isMine, race.there < 0, "exactly one has the frame that both wanted");
                long status = isMine ? mine.punch(FRESH, first, Paging.PAGES_PER_2M) : theirs.punch(gpa, first + 88, 1);
                assumeTrue(status >= 0, () -> "a hole is refused: " + Status.describe(status));
                if (!isMine && race.here >= 0) {
                    assertGood(mine.punch(FRESH, first, 1), "removal of the small page");
                }
                for (long i = 0; i < Paging.PAGES_PER_2M; i++) {
                    assertTrue(two.host().isHosts(first + i), "frame " + i + " after the hole");
                }
            }
        }
    }

    @EachType
    void wait1ShouldReturnWithoutALock(VmType type) {
        try (TestHost host = host(); TestVm vm = host.launchVm(type); DirectTable table = new DirectTable(vm)) {
            int before = locks();
            long pfn = table.fresh(FRESH, 1);
            table.map(FRESH, pfn, 1);
            assertEquals(before, locks(), "locks held after map");
            table.punch(FRESH, pfn, 1);
            assertEquals(before, locks(), "locks held after block, flush and remove");
            host.isHosts(pfn);
            assertEquals(before, locks(), "locks held after hostAccess");
        }
    }

    private static int locks() {
        long[] self = {Thread.currentThread().threadId()};
        ThreadInfo info = ManagementFactory.getThreadMXBean().getThreadInfo(self, true, true)[0];
        return info.getLockedMonitors().length + info.getLockedSynchronizers().length;
    }

    /// Two calls at the same time.
    private record Race(long here, long there) {
        interface Call {
            long run();
        }

        static Race of(Call one, Call two) throws Exception {
            CyclicBarrier start = new CyclicBarrier(2);
            try (ExecutorService other = Executors.newSingleThreadExecutor()) {
                Future<Long> second = other.submit(() -> {
                    start.await();
                    return two.run();
                });
                start.await();
                return new Race(one.run(), second.get());
            }
        }
    }
}
