package org.enclosure.core.folio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicBoolean;

import org.enclosure.api.Paging;
import org.enclosure.core.mem.CommittedTables;
import org.enclosure.core.mem.FrameAllocator;
import org.enclosure.core.mem.FrameList;
import org.enclosure.core.mem.FrameMagazine;
import org.enclosure.core.mem.HostMemory;
import org.enclosure.core.mem.Raw;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FolioMapTest {
    private static final long BLOCK = Paging.PAGES_PER_2M;
    private static final long GIB = Paging.PAGES_PER_1G;
    private static final int HUGE = 9;
    private static final int GIGANTIC = 18;

    private final HostMemory memory = HostMemory.reserve(4L << 30);
    private final FrameAllocator frames = new FrameAllocator(memory);
    private final FrameMagazine magazine = new FrameMagazine(frames);
    private final FrameList removed = new FrameList(frames);

    @AfterEach
    void close() {
        magazine.close();
        assertEquals(0, frames.usedFrames(), "frames that never came back");
        frames.close();
        memory.close();
    }

    @Test
    void shouldTakeTheLargestFolioThatFits() {
        try (FolioMap map = new FolioMap(2 * GIB + BLOCK + 3, frames)) {
            assertEquals(GIGANTIC, FolioMap.order(map.resolve(GIB + 5, GIGANTIC, false, magazine)));
            assertEquals(HUGE, FolioMap.order(map.resolve(5, HUGE, false, magazine)));
            assertEquals(HUGE, FolioMap.order(map.resolve(BLOCK, GIGANTIC, false, magazine)),
                    "the GiB has a page already");
            assertEquals(HUGE, FolioMap.order(map.resolve(2 * GIB, GIGANTIC, false, magazine)),
                    "the GiB reaches beyond the map");
            assertEquals(0, FolioMap.order(map.resolve(2 * GIB + BLOCK, GIGANTIC, false, magazine)),
                    "the 2M reach beyond the map");
            assertEquals(0, FolioMap.order(map.resolve(7 * BLOCK, 0, false, magazine)));
            assertEquals(0, FolioMap.order(map.resolve(7 * BLOCK + 1, HUGE, false, magazine)),
                    "a page is there already");
            assertEquals(GIB + 3 * BLOCK + 3, map.presentPages());
        }
    }

    @Test
    void shouldFindTheRunOfAPageThatSomebodyZeroes() throws InterruptedException {
        try (FolioMap map = new FolioMap(BLOCK, frames)) {
            long pfn = FolioMap.pfn(map.resolve(0, HUGE, false, magazine));
            AtomicBoolean stop = new AtomicBoolean();
            Thread zeroing = new Thread(() -> {
                while (!stop.get()) {
                    map.resolve(0, HUGE, true, magazine);
                }
            });
            zeroing.start();
            try {
                for (int look = 0; look < 200_000; look++) {
                    if (look % 500 == 0) {
                        map.markUnzeroed(0, BLOCK);
                    }
                    assertEquals(BLOCK, map.runEnd(0, BLOCK));
                    assertEquals(pfn, FolioMap.pfn(map.settled(0)));
                }
            } finally {
                stop.set(true);
                zeroing.join();
            }
        }
    }

    @Test
    void shouldFallBackToSmallerFoliosWhenTheHostHasNoHugeOnes() {
        try (HostMemory small = HostMemory.reserve(40 << 12);
                FrameAllocator few = new FrameAllocator(small);
                FrameMagazine mine = new FrameMagazine(few);
                FolioMap map = new FolioMap(GIB, few)) {
            for (int i = 0; i < 40; i++) {
                assertEquals(0, FolioMap.order(map.resolve(i * 3000L, GIGANTIC, true, mine)));
            }
            assertEquals(FolioMap.NO_MEMORY, map.resolve(1, GIGANTIC, true, mine));
            assertEquals(FolioMap.HOLE, map.get(1));
            FrameList one = new FrameList(few);
            assertEquals(1, map.remove(3000, 3001, one));
            one.freeAll();
            assertTrue(map.resolve(1, GIGANTIC, true, mine) >= 0);
        }
    }

    @Test
    void shouldZeroOnceAndOnlyWhenAsked() {
        try (FolioMap map = new FolioMap(GIB, frames)) {
            long word = map.resolve(9, 0, false, magazine);
            assertFalse(FolioMap.isZeroed(word));
            long address = memory.address(FolioMap.pfn(word));
            Raw.putLong(address + 4088, 77);
            assertEquals(word, map.resolve(9, 0, false, magazine));
            assertEquals(77, Raw.getLong(address + 4088));
            assertTrue(FolioMap.isZeroed(map.resolve(9, 0, true, magazine)));
            assertEquals(0, Raw.getLong(address + 4088));
            Raw.putLong(address + 4088, 78);
            map.resolve(9, 0, true, magazine);
            assertEquals(78, Raw.getLong(address + 4088), "zeroed a second time");
            map.markUnzeroed(9, 10);
            map.resolve(9, 0, false, magazine);
            assertEquals(78, Raw.getLong(address + 4088));
            map.resolve(9, 0, true, magazine);
            assertEquals(0, Raw.getLong(address + 4088));
        }
    }

    @Test
    void shouldNotZeroWhatWasMarkedZeroed() {
        try (FolioMap map = new FolioMap(GIB, frames)) {
            long address = memory.address(FolioMap.pfn(map.resolve(BLOCK, HUGE, false, magazine)));
            Raw.putLong(address, 5);
            Raw.putLong(address + 4096, 6);
            map.markZeroed(BLOCK, BLOCK + 1);
            map.resolve(BLOCK, 0, true, magazine);
            map.resolve(BLOCK + 1, 0, true, magazine);
            assertEquals(5, Raw.getLong(address), "content that had to stay");
            assertEquals(0, Raw.getLong(address + 4096));
        }
    }

    @Test
    void shouldGiveWholeFoliosBackAtTheirOrder() {
        try (FolioMap map = new FolioMap(2 * GIB, frames)) {
            map.resolve(0, GIGANTIC, false, magazine);
            assertEquals(GIB, map.remove(0, GIB, removed));
            assertEquals(1, removed.size());
            long pfn = removed.pop();
            assertEquals(GIGANTIC, removed.order());
            frames.free(pfn, GIGANTIC);
            map.resolve(0, GIGANTIC, false, magazine);
            assertEquals(1, map.remove(BLOCK + 3, BLOCK + 4, removed));
            removed.freeAll();
            assertEquals(HUGE, FolioMap.order(map.get(0)));
            assertEquals(0, FolioMap.order(map.get(BLOCK)));
            assertEquals(FolioMap.HOLE, map.get(BLOCK + 3));
            assertEquals(HUGE, FolioMap.order(map.get(2 * BLOCK)));
        }
    }

    @Test
    void shouldFitAHugeFolioAgainWhenTheLastPageIsGone() {
        try (FolioMap map = new FolioMap(GIB, frames)) {
            map.resolve(3, 0, false, magazine);
            map.resolve(BLOCK - 1, 0, false, magazine);
            map.remove(3, 4, removed);
            map.remove(BLOCK - 1, BLOCK, removed);
            removed.freeAll();
            assertEquals(GIGANTIC, FolioMap.order(map.resolve(0, GIGANTIC, false, magazine)));
        }
    }

    @Test
    void shouldMergeWhatWasSplit() {
        try (FolioMap map = new FolioMap(GIB, frames)) {
            long word = map.resolve(BLOCK, GIGANTIC, false, magazine);
            map.split(BLOCK, 0);
            assertEquals(0, FolioMap.order(map.get(BLOCK)));
            assertEquals(FolioMap.pfn(word), FolioMap.pfn(map.get(BLOCK)));
            assertFalse(map.merge(0, GIGANTIC), "a 2M block is split");
            assertTrue(map.merge(BLOCK, HUGE));
            assertEquals(HUGE, FolioMap.order(map.get(BLOCK)));
            map.markZeroed(0, BLOCK);
            assertFalse(map.merge(0, GIGANTIC), "one part is zeroed, the others are not");
            map.markUnzeroed(0, BLOCK);
            assertTrue(map.merge(0, GIGANTIC));
            assertEquals(word, map.get(BLOCK));
        }
    }

    @Test
    void shouldHoldTheLargestStore() {
        long pages = 0x7fff_ffff_ffff_f000L >>> 12;
        try (FolioMap map = new FolioMap(pages, frames)) {
            long middle = pages / 2;
            assertTrue(map.resolve(pages - 1, GIGANTIC, false, magazine) >= 0);
            map.resolve(middle, 0, false, magazine);
            assertEquals(middle, map.nextPresent(0, pages));
            assertEquals(pages - 1, map.nextPresent(middle + 1, pages));
            assertEquals(2, map.presentPages());
            assertEquals(2, map.remove(0, pages, removed));
            removed.freeAll();
        }
    }

    @Test
    void shouldCommitLittleForGibsWithoutBasePages() {
        try (FolioMap map = new FolioMap(1024 * GIB, frames)) {
            map.resolve(0, 0, false, magazine);
            long before = CommittedTables.bytes();
            for (long pgoff = 2 * GIB; pgoff < 3 * GIB; pgoff += BLOCK) {
                map.resolve(pgoff, HUGE, false, magazine);
            }
            long huge = CommittedTables.bytes();
            // the allocator commits a byte per frame in use
            assertTrue(huge - before <= GIB + (64 << 10), () -> "2M folios: " + (huge - before));
            for (long pgoff = GIB; pgoff < 2 * GIB; pgoff++) {
                map.resolve(pgoff, 0, false, magazine);
            }
            long base = CommittedTables.bytes() - huge;
            // the allocator pays up to 10 bytes per frame in use
            assertTrue(base <= (1 << 20) + 10 * GIB + (64 << 10), () -> "4K folios: " + base);
        }
    }

    @Test
    void shouldRefusePagesOutsideTheMap() {
        try (FolioMap map = new FolioMap(1000, frames)) {
            assertThrows(IndexOutOfBoundsException.class, () -> map.get(1000));
            assertThrows(IndexOutOfBoundsException.class, () -> map.resolve(-1, 0, false, magazine));
            assertThrows(IndexOutOfBoundsException.class, () -> map.remove(5, 1001, removed));
            assertEquals(FolioMap.HOLE, map.get(999));
        }
        assertThrows(IllegalArgumentException.class, () -> new FolioMap(0, frames));
    }
}
