package org.enclosure.core.folio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.enclosure.core.mem.FrameAllocator;
import org.enclosure.core.mem.FrameList;
import org.enclosure.core.mem.FrameMagazine;
import org.enclosure.core.mem.HostMemory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// The test plays a thread that stopped in the middle of a step, and looks at what the others do meanwhile.
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a wrong step may leave an entry BUSY for ever
class FolioProtocolTest {
    private static final int PAGE = 7;
    private static final int BLOCK = 512;
    private static final int HUGE = 9;

    private final HostMemory memory = HostMemory.reserve(64L << 20);
    private final FrameAllocator frames = new FrameAllocator(memory);
    private final FrameMagazine magazine = new FrameMagazine(frames);
    private final FrameList removed = new FrameList(frames);
    private final FolioEntries entries = new FolioEntries(BLOCK);
    private final FolioShape shape = new FolioShape(entries);
    private final FolioRemoval removal = new FolioRemoval(entries, shape);
    private final FolioSupply supply = new FolioSupply(BLOCK, new FolioSource(frames));
    private final long slab = entries.slabOrNone(0);
    private final long gigantic = entries.address(slab, PAGE, FolioEntries.ORDER_1G);
    private final long huge = entries.address(slab, PAGE, FolioEntries.ORDER_2M);
    private final long base = entries.address(slab, PAGE, FolioEntries.ORDER_4K);

    @AfterEach
    void close() {
        FolioEntries.store(gigantic, FolioEntries.TABLE);
        removal.remove(0, BLOCK, removed);
        removed.freeAll();
        magazine.close();
        assertEquals(0, frames.usedFrames());
        entries.close();
        frames.close();
        memory.close();
    }

    private void putHugeFolio() {
        FolioEntries.store(gigantic, FolioEntries.TABLE);
        FolioEntries.store(huge, FolioEntries.entry(frames.allocate(HUGE), FolioEntries.PRESENT_UNZEROED));
    }

    private void putTable() {
        FolioEntries.store(gigantic, FolioEntries.TABLE);
        FolioEntries.store(huge, FolioEntries.TABLE);
    }

    @Test
    void shouldGiveALateClaimBackWhenTheTableAboveIsGone() {
        putHugeFolio();
        assertFalse(entries.claim(base, slab, PAGE, FolioEntries.ORDER_4K));
        assertEquals(FolioEntries.HOLE, FolioEntries.load(base));
        FolioEntries.store(gigantic, FolioEntries.BUSY);
        assertFalse(entries.claim(base, slab, PAGE, FolioEntries.ORDER_4K));
    }

    @Test
    void shouldClaimAHoleBelowTables() {
        putTable();
        assertTrue(entries.claim(base, slab, PAGE, FolioEntries.ORDER_4K));
        assertFalse(entries.claim(base, slab, PAGE, FolioEntries.ORDER_4K), "it is BUSY");
        FolioEntries.store(base, FolioEntries.HOLE);
    }

    @Test
    void shouldRemoveWhatAClaimFillsWhileTheTableAboveIsBusy() throws InterruptedException {
        putTable();
        assertTrue(entries.claim(base, slab, PAGE, FolioEntries.ORDER_4K));
        Thread mutator = startAndAwaitWaiting(() -> removal.remove(0, BLOCK, removed));
        // the map is of one 2M block, so its 1G entry is removed in part
        int above = FolioEntries.load(huge);
        supply.fill(base, PAGE, FolioEntries.ORDER_4K, 0, false, magazine);
        mutator.join();
        assertEquals(FolioEntries.BUSY, above, "or somebody could fill a hole that was passed");
        assertEquals(FolioEntries.HOLE, FolioEntries.load(base));
        assertEquals(1, removed.size());
    }

    @Test
    void shouldWaitForALateClaimBeforeItSplits() throws InterruptedException {
        putHugeFolio();
        assertTrue(FolioEntries.replace(base, FolioEntries.HOLE, FolioEntries.BUSY));
        Thread mutator = startAndAwaitWaiting(() -> shape.split(PAGE, 0));
        assertEquals(FolioEntries.BUSY, FolioEntries.load(huge));
        assertEquals(FolioEntries.BUSY, FolioEntries.load(base));
        FolioEntries.store(base, FolioEntries.HOLE);
        mutator.join();
        assertTrue(FolioEntries.isPresent(FolioEntries.load(base)));
        assertEquals(FolioEntries.TABLE, FolioEntries.load(huge));
    }

    @Test
    void shouldNotZeroByAnOldEntry() {
        putHugeFolio();
        int old = FolioEntries.load(huge);
        FolioEntries.store(huge, FolioEntries.entry(FolioEntries.pfn(old), FolioEntries.PRESENT));
        assertEquals(FolioEntries.BUSY, supply.zero(huge, old, HUGE));
        assertEquals(FolioEntries.PRESENT, FolioEntries.state(FolioEntries.load(huge)));
    }

    @Test
    void shouldAnswerHoleOnlyBelowTables() {
        putTable();
        assertTrue(entries.areTablesAbove(slab, PAGE, FolioEntries.ORDER_4K));
        FolioEntries.store(gigantic, FolioEntries.BUSY);
        assertFalse(entries.areTablesAbove(slab, PAGE, FolioEntries.ORDER_4K));
        FolioEntries.store(gigantic, FolioEntries.TABLE);
        FolioEntries.store(huge, FolioEntries.BUSY);
        assertFalse(entries.areTablesAbove(slab, PAGE, FolioEntries.ORDER_4K));
        FolioEntries.store(huge, FolioEntries.TABLE);
    }

    /// Starts a mutator and returns when it has come to where it waits for the test.
    private static Thread startAndAwaitWaiting(Runnable action) throws InterruptedException {
        Thread thread = new Thread(action);
        thread.start();
        while (thread.getState() != Thread.State.TIMED_WAITING) {
            assertTrue(thread.isAlive(), "it did not wait");
            Thread.sleep(1);
        }
        return thread;
    }
}
