package org.enclosure.core.folio;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;

import org.enclosure.core.mem.FrameAllocator;
import org.enclosure.core.mem.FrameList;
import org.enclosure.core.mem.FrameMagazine;
import org.enclosure.core.mem.HostMemory;
import org.enclosure.core.mem.Raw;
import org.enclosure.core.mem.Seeds;
import org.junit.jupiter.api.Test;

/// Random calls on a [FolioMap] and on a [FolioModel], compared after each.
class FolioMapModelTest {
    private static final int STEPS = 12_000;
    private static final int PAGES = 20 * 512 + 37;
    private static final int HOST_PAGES = 16 * 512;
    private static final int HUGE = 9;

    private final Random random = Seeds.random("FolioMapModelTest");
    private final HostMemory memory = HostMemory.reserve(HOST_PAGES * 4096L);
    private final FrameAllocator frames = new FrameAllocator(memory);
    private final FrameMagazine magazine = new FrameMagazine(frames, 32);
    private final FrameList removed = new FrameList(frames);
    private final FolioModel model = new FolioModel(PAGES);
    private final FolioMap map = new FolioMap(PAGES, frames);

    @Test
    void shouldDoWhatTheModelDoes() {
        for (int i = 0; i < STEPS; i++) {
            step();
            compare(random.nextInt(PAGES));
            assertEquals(model.size() + magazine.size(), frames.usedFrames(), "frames in use");
            if (i % 500 == 0) {
                assertEquals(model.size(), map.presentPages());
            }
        }
        map.close();
        magazine.close();
        assertEquals(0, frames.usedFrames());
        frames.close();
        memory.close();
    }

    private void step() {
        int pgoff = page();
        int end = Math.min(PAGES, random.nextBoolean() ? page() : pgoff + random.nextInt(600));
        if (end < pgoff) {
            int swap = end;
            end = pgoff;
            pgoff = swap;
        }
        switch (random.nextInt(12)) {
            case 0 -> remove(pgoff, end);
            case 1 -> mark(pgoff, Math.min(end, pgoff + 1500), random.nextBoolean());
            case 2 -> split(Math.min(pgoff, PAGES - 1));
            case 3 -> merge(Math.min(pgoff, PAGES - 1));
            default -> resolve(Math.min(pgoff, PAGES - 1));
        }
    }

    private int page() {
        int at = random.nextBoolean() ? random.nextInt(PAGES) : random.nextInt(21) * 512 + random.nextInt(3) - 1;
        return Math.clamp(at, 0, PAGES);
    }

    private void resolve(int pgoff) {
        boolean zero = random.nextBoolean();
        int maxOrder = random.nextInt(4) == 0 ? HUGE : 0;
        FolioModel.Page before = model.get(pgoff);
        boolean wasHole = model.isHole(pgoff, HUGE);
        long word = map.resolve(pgoff, maxOrder, zero, magazine);
        if (before == null && word == FolioMap.NO_MEMORY) {
            assertEquals(0, frames.freeFrames(), "refused though there are frames");
            remove(0, PAGES / 2);
            return;
        }
        assertTrue(word >= 0);
        if (before == null) {
            assertTrue(FolioMap.order(word) <= maxOrder);
            assertTrue(FolioMap.order(word) == 0 || wasHole);
            model.add(pgoff, word);
        }
        if (zero && (before == null || !before.isZeroed())) {
            checkZero(pgoff);
            model.zeroed(pgoff);
        } else if (before != null) {
            assertEquals(tag(pgoff), Raw.getLong(memory.address(before.pfn())), "content of a page that is there");
        }
        long first = pgoff & -1L << FolioMap.order(word);
        for (long at = first; at < first + (1L << FolioMap.order(word)); at++) {
            Raw.putLong(memory.address(model.present(at).pfn()), tag(at));
        }
    }

    private static long tag(long pgoff) {
        return 0x7a60_0000_0000L + pgoff;
    }

    private void checkZero(long pgoff) {
        FolioModel.Page page = model.present(pgoff);
        long first = page.pfn() & -1L << page.order();
        assertTrue(Raw.isZero(memory.address(first), 4096L << page.order()), "not zeroed");
    }

    private void remove(int start, int end) {
        assertEquals(model.remove(start, end), map.remove(start, end, removed), "pages removed");
        removed.freeAll();
    }

    private void mark(int start, int end, boolean isZeroed) {
        if (isZeroed) {
            map.markZeroed(start, end);
        } else {
            map.markUnzeroed(start, end);
        }
        model.mark(start, end, isZeroed);
    }

    private void split(int pgoff) {
        map.split(pgoff, 0);
        model.split(pgoff, 0);
    }

    private void merge(int pgoff) {
        assertEquals(model.merge(pgoff, HUGE), map.merge(pgoff, HUGE));
    }

    private void compare(int pgoff) {
        for (int at = Math.max(0, pgoff - 2); at < Math.min(PAGES, pgoff + 2); at++) {
            FolioModel.Page page = model.get(at);
            long word = map.get(at);
            if (page == null) {
                assertEquals(FolioMap.HOLE, word);
            } else {
                assertEquals(page,
                        new FolioModel.Page(FolioMap.pfn(word), FolioMap.order(word), FolioMap.isZeroed(word)));
            }
            int end = Math.min(PAGES, at + random.nextInt(2000));
            assertEquals(model.nextPresent(at, end), map.nextPresent(at, end));
            assertEquals(model.runEnd(at, end), map.runEnd(at, end));
        }
    }
}
