package org.enclosure.tck.contract;

import static org.enclosure.tck.machine.TestVm.FRESH;
import static org.enclosure.tck.machine.TestVm.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmTraits;
import org.enclosure.spi.VmType;
import org.enclosure.tck.machine.DirectTable;
import org.enclosure.tck.machine.TestHost;
import org.enclosure.tck.machine.TestVm;
import org.enclosure.tck.plugin.Plugin;

/// MAP-1, BLK-1, BLK-2, REM-1, FRM-1 on the tables of one VM, driven without the engine.
public abstract class GuestTableContract extends TypeContract {
    private static final int PRIVATE_WRITE = Access.READ | Access.WRITE | Access.PRIVATE;
    private static final long SECRET = 0x5ec3_e75e_c3e7_5ec3L;

    /// Creates the contract of a plugin.
    protected GuestTableContract(Plugin plugin) {
        super(plugin);
    }

    // ---- map ------------------------------------------------------------------------------------------------------------

    @EachType
    void map1ShouldChangeNothingWhenTableFramesAreMissing(VmType type) {
        try (TestHost host = host(); TestVm vm = host.launchVm(type); DirectTable table = new DirectTable(vm)) {
            long pfn = table.fresh(FRESH, 1);
            String before = table.state(FRESH, pfn);
            long status = table.withoutFrames().mapOnce(FRESH, pfn, 1, PRIVATE_WRITE);
            assumeTrue(status < 0, "a page needs no table frame");
            assertKind(Status.NEED_FRAMES, status, "map without table frames");
            assertTrue(Status.argument(status) <= type.traits().framesPerMap(),
                    "asks for " + Status.argument(status) + " frames; framesPerMap is "
                            + type.traits().framesPerMap());
            assertEquals(before, table.state(FRESH, pfn));
            assertTrue(host.isHosts(pfn), "the frame changed hands");
            assertGood(table.withFrames(Status.argument(status)).mapOnce(FRESH, pfn, 1, PRIVATE_WRITE),
                    "map with as many frames as it asked for");
            assertFalse(host.isHosts(pfn), "the host still reaches the frame of a private page");
        }
    }

    @EachType
    void map1ShouldNotTakeMoreFramesThanItsTraitsSay(VmType type) {
        try (TestHost host = host(); TestVm vm = host.launchVm(type); DirectTable table = new DirectTable(vm)) {
            long pfn = table.fresh(FRESH, 1);
            table.withFrames(64);
            int before = table.work().frames.size();
            assertGood(table.mapOnce(FRESH, pfn, 1, PRIVATE_WRITE), "map");
            int taken = before - table.work().frames.size();
            assertTrue(taken >= 0 && taken <= type.traits().framesPerMap(), () -> "map took " + taken
                    + " table frames; framesPerMap is " + type.traits().framesPerMap());
        }
    }

    @EachType
    void map1ShouldTakeTheFramesOfTheLevelThatItReportsAndNoOther(VmType type) {
        assumeHuge(type);
        try (TestHost host = host(); TestVm vm = host.launchVm(type); DirectTable table = new DirectTable(vm)) {
            long first = huge(vm, table);
            long wanted = 5;
            assertGood(table.map(FRESH + wanted * PAGE, first + wanted, Paging.LEVEL_2M), "map of a 2M page");
            long start = Paging.floor(wanted, table.work().level);
            long end = start + Paging.pages(table.work().level);
            for (long i = 0; i < Paging.PAGES_PER_2M; i++) {
                assertEquals(i < start || i >= end, host.isHosts(first + i),
                        "frame " + i + " of the block, mapped at level "
                                + table.work().level);
            }
        }
    }

    @EachType
    void map1ShouldTakeNoFrameOfABlockInWhichOneIsForeign(VmType type) {
        assumeHuge(type);
        try (TwoVms two = new TwoVms(host(), type)) {
            DirectTable table = two.mine();
            DirectTable theirs = two.theirs();
            long first = huge(two.vm(), table);
            long foreign = first + 88;
            assertGood(theirs.map(FRESH + 88 * PAGE, foreign, 1), "map by the other VM");
            long status = table.map(FRESH, first, Paging.LEVEL_2M);
            boolean isSmall = status >= 0 && table.work().level == 1;
            assertTrue(isSmall || Status.kind(status) == Status.DENIED || Status.kind(status) == Status.LEVEL,
                    () -> "map of a block with a foreign frame answered " + Status.describe(status));
            for (long i = isSmall ? 1 : 0; i < Paging.PAGES_PER_2M; i++) {
                assertEquals(first + i != foreign, two.host().isHosts(first + i), "frame " + i + " of the block");
            }
            assertGood(theirs.punch(FRESH + 88 * PAGE, foreign, 1), "removal by the other VM");
        }
    }

    @EachType
    void map1ShouldMapAgainAfterARemoval(VmType type) {
        try (TestHost host = host(); TestVm vm = host.launchVm(type); DirectTable table = new DirectTable(vm)) {
            long pfn = table.fresh(FRESH, 1);
            for (int time = 0; time < 3; time++) {
                assertGood(table.map(FRESH, pfn, 1), "map, time " + time);
                assertFalse(host.isHosts(pfn), "mapped, time " + time);
                long status = table.punch(FRESH, pfn, 1);
                assumeTrue(status >= 0, () -> "a hole is refused: " + Status.describe(status));
                assertTrue(host.isHosts(pfn), "removed, time " + time);
            }
        }
    }

    // ---- block ----------------------------------------------------------------------------------------------------------

    @EachType
    void blk1ShouldBlockNothingWhenOnePageIsRefused(VmType type) {
        try (TestHost host = host(); TestVm vm = host.launchVm(type); DirectTable table = new DirectTable(vm)) {
            long gpa = TestVm.IMAGE - 2 * PAGE;
            for (long at = gpa; at < TestVm.IMAGE; at += PAGE) {
                assertGood(table.map(at, table.fresh(at, 1), 1), "map");
            }
            List<String> before = states(vm, table, gpa);
            long status = table.block(gpa, 3, TableWork.CONVERT, false);
            assumeTrue(status < 0, type.id() + " refuses no page, not even of the image");
            assertKind(Status.DENIED, status, "block");
            long inTheWay = table.work().detail.gfn << Paging.PAGE_SHIFT;
            assertEquals(before, states(vm, table, gpa), "a refused block changed something");
            assertKind(Status.DENIED, table.block(inTheWay, 1, TableWork.CONVERT, false),
                    "block of the page in the way");
            if (inTheWay > gpa) {
                assertGood(table.block(gpa, inTheWay - gpa >>> Paging.PAGE_SHIFT, TableWork.CONVERT, false),
                        "block of what is before the page in the way");
            }
        }
    }

    @EachType
    void blk2ShouldPutABlockedPageBackWithItsBytes(VmType type) {
        try (TestHost host = host(); TestVm vm = host.launchVm(type); DirectTable table = new DirectTable(vm)) {
            long pfn = table.fresh(FRESH, 1);
            assertGood(table.map(FRESH, pfn, 1), "map");
            String mapped = table.state(FRESH, pfn);
            PhysicalMemory memory = host.spy().memory();
            memory.putLong(pfn << Paging.PAGE_SHIFT, SECRET);
            long blocked = table.block(FRESH, 1, TableWork.PUNCH, true);
            assumeTrue(blocked >= 0, () -> "a hole is refused: " + Status.describe(blocked));
            assertGood(table.flush(), "flush");
            assertGood(table.map(FRESH, pfn, 1), "map of a blocked page");
            assertEquals(mapped, table.state(FRESH, pfn));
            assertEquals(SECRET, memory.getLong(pfn << Paging.PAGE_SHIFT));
            assertFalse(host.isHosts(pfn), "the frame is the guest's again");
        }
    }

    // ---- remove ---------------------------------------------------------------------------------------------------------

    @EachType
    void rem1ShouldSayWhatBecameOfTheBytes(VmType type) {
        try (TestHost host = host(); TestVm vm = host.launchVm(type); DirectTable table = new DirectTable(vm)) {
            long pfn = table.fresh(FRESH, 1);
            assertGood(table.map(FRESH, pfn, 1), "map");
            PhysicalMemory memory = host.spy().memory();
            memory.putLong(pfn << Paging.PAGE_SHIFT, SECRET);
            long status = table.punch(FRESH, pfn, 1);
            assumeTrue(status >= 0, () -> "a hole is refused: " + Status.describe(status));
            assertTrue(host.isHosts(pfn), "the frame of a hole is the host's");
            long found = memory.getLong(pfn << Paging.PAGE_SHIFT);
            switch (table.work().content) {
                case TableWork.KEPT -> assertEquals(SECRET, found, "said KEPT");
                case TableWork.ZEROED -> assertTrue(memory.isZero(pfn << Paging.PAGE_SHIFT, PAGE), "said ZEROED");
                default -> {
                    // LOST promises nothing.
                }
            }
        }
    }

    /// The second page was never in the tables, so nobody wiped what stands in it.
    @EachType
    void rem1ShouldBeTrueOfAllPagesOfARun(VmType type) {
        try (TestHost host = host(); TestVm vm = host.launchVm(type); DirectTable table = new DirectTable(vm)) {
            long first = huge(vm, table);
            PhysicalMemory memory = host.spy().memory();
            assertGood(table.map(FRESH, first, 1), "map");
            memory.putLong(first << Paging.PAGE_SHIFT, SECRET);
            memory.putLong(first + 1 << Paging.PAGE_SHIFT, SECRET);
            long blocked = table.block(FRESH, 2, TableWork.PUNCH, true);
            assumeTrue(blocked >= 0, () -> "a hole is refused: " + Status.describe(blocked));
            assertGood(table.flush(), "flush");
            removeAll(table, memory, first);
            assertTrue(host.isHosts(first) && host.isHosts(first + 1), "the frames of a hole are the host's");
        }
    }

    private static void removeAll(DirectTable table, PhysicalMemory memory, long first) {
        for (long at = 0; at < 2;) {
            long status = table.remove(FRESH + at * PAGE, first + at, 2 - at, TableWork.PUNCH);
            assertGood(status, "remove");
            long done = Status.has(status, Status.MORE) ? table.work().done : 2 - at;
            for (long page = at; page < at + done; page++) {
                long found = memory.getLong(first + page << Paging.PAGE_SHIFT);
                int content = table.work().content;
                assertTrue(content == TableWork.KEPT ? found == SECRET : content != TableWork.ZEROED || found == 0,
                        () -> "a page of which content " + content + " was said holds " + hex(found));
            }
            at += done;
        }
    }

    @EachType
    void rem1ShouldFindNothingToRemoveWhereNothingIsMapped(VmType type) {
        try (TestHost host = host(); TestVm vm = host.launchVm(type); DirectTable table = new DirectTable(vm)) {
            long pfn = table.fresh(FRESH, 1);
            long status = table.punch(FRESH, pfn, 1);
            assumeTrue(status >= 0, () -> "a hole is refused: " + Status.describe(status));
            assertTrue(host.isHosts(pfn), "a frame that was never given away");
        }
    }

    // ---- resize ---------------------------------------------------------------------------------------------------------

    /// Maps a 2M page, writes the secret into its small page 7, and splits it.
    ///
    /// @return its first frame
    private static long splitPage(TestVm vm, DirectTable table, PhysicalMemory memory) {
        long first = huge(vm, table);
        assertGood(table.map(FRESH, first, Paging.LEVEL_2M), "map");
        assumeTrue(table.work().level == Paging.LEVEL_2M, "the plugin mapped a small page");
        memory.putLong(first + 7 << Paging.PAGE_SHIFT, SECRET);
        assertGood(table.block(FRESH, Paging.PAGES_PER_2M, TableWork.CONVERT, true), "block");
        assertGood(table.flush(), "flush");
        assertGood(table.resize(FRESH + 7 * PAGE, first + 7, Paging.LEVEL_4K), "resize to 4K");
        return first;
    }

    @EachType
    void resizeShouldKeepTheBytesAndTheOwnerOfASplitPage(VmType type) {
        assumeHuge(type);
        try (TestHost host = host(); TestVm vm = host.launchVm(type); DirectTable table = new DirectTable(vm)) {
            PhysicalMemory memory = host.spy().memory();
            long first = splitPage(vm, table, memory);
            assertEquals(SECRET, memory.getLong(first + 7 << Paging.PAGE_SHIFT));
            for (long i = 0; i < Paging.PAGES_PER_2M; i++) {
                assertFalse(host.isHosts(first + i), "frame " + i);
            }
        }
    }

    @EachType
    void resizeShouldMergeWhatWasSplitAndKeepItsBytes(VmType type) {
        assumeTrait(type, VmTrait.MERGES);
        assumeHuge(type);
        try (TestHost host = host(); TestVm vm = host.launchVm(type); DirectTable table = new DirectTable(vm)) {
            PhysicalMemory memory = host.spy().memory();
            long first = splitPage(vm, table, memory);
            String split = table.state(FRESH + 7 * PAGE, first + 7);
            int frames = table.withFrames(VmTraits.MAX_FRAMES).work().frames.size();
            assertEquals(Status.OK, table.resize(FRESH, first, Paging.LEVEL_2M), "resize to 2M");
            assertEquals(frames + 1, table.work().frames.size(), "frames after the merge");
            assertEquals(split, table.state(FRESH + 7 * PAGE, first + 7));
            assertEquals(SECRET, memory.getLong(first + 7 << Paging.PAGE_SHIFT));
            assertTrue(Status.has(table.resize(FRESH, first, Paging.LEVEL_2M), Status.SPURIOUS), "a second merge");
        }
    }

    @EachType
    void resizeShouldDenyToMergeABlockWithAHole(VmType type) {
        assumeTrait(type, VmTrait.MERGES);
        assumeHuge(type);
        try (TestHost host = host(); TestVm vm = host.launchVm(type); DirectTable table = new DirectTable(vm)) {
            long first = huge(vm, table);
            assertNotEquals(Status.OK, table.resize(FRESH, first, Paging.LEVEL_2M), "a merge of nothing");
            assertGood(table.map(FRESH + 3 * PAGE, first + 3, Paging.LEVEL_4K), "map");
            String before = table.state(FRESH + 3 * PAGE, first + 3);
            assertKind(Status.DENIED, table.resize(FRESH, first, Paging.LEVEL_2M), "a merge of one page");
            assertEquals(before, table.state(FRESH + 3 * PAGE, first + 3));
            assertTrue(Status.has(table.map(FRESH + 3 * PAGE, first + 3, 1), Status.SPURIOUS), "it is mapped still");
        }
    }

    // ---- frames ---------------------------------------------------------------------------------------------------------

    @EachType
    void frm1ShouldGiveAllFramesBackWhenAVmEnds(VmType type) {
        try (TestHost host = host()) {
            long before = host.freeFrames();
            try (TestVm vm = host.launchVm(type); DirectTable table = new DirectTable(vm)) {
                for (long gpa = FRESH; gpa < FRESH + 5 * PAGE; gpa += PAGE) {
                    assertGood(table.map(gpa, table.fresh(gpa, 1), 1), "map");
                }
                vm.run(cpu -> {
                    cpu.accept(0, 8 * PAGE);
                    for (long gpa = 0; gpa < 8 * PAGE; gpa += PAGE) {
                        cpu.storeLong(cpu.address(gpa, true), gpa);
                    }
                    cpu.share(2 * PAGE, 3 * PAGE);
                });
            }
            assertEquals(before, host.freeFrames(), "free frames after the VM has ended");
        }
    }

    @EachType
    void frm1ShouldGiveAllFramesBackOfAVmThatWasNotLaunched(VmType type) {
        try (TestHost host = host()) {
            long before = host.freeFrames();
            host.createVm(type).close();
            assertEquals(before, host.freeFrames(), "free frames after the VM has ended");
        }
    }

    // ---- tools ----------------------------------------------------------------------------------------------------------

    /// The first frame of 512 that are consecutive and aligned.
    static long huge(TestVm vm, DirectTable table) {
        long first = table.fresh(FRESH, Paging.LEVEL_2M);
        for (long i = 0; i < Paging.PAGES_PER_2M; i++) {
            long at = i;
            assumeTrue(vm.pfn(FRESH + i * PAGE) == first + i && Paging.isAligned(first, Paging.LEVEL_2M),
                    () -> "page " + at + " of the block is not in a huge folio");
        }
        return first;
    }

    private static List<String> states(TestVm vm, DirectTable table, long gpa) {
        List<String> states = new ArrayList<>();
        for (long at = gpa; at < gpa + 3 * PAGE; at += PAGE) {
            states.add(table.state(at, vm.pfn(at)));
        }
        return states;
    }
}
