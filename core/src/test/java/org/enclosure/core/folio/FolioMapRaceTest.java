package org.enclosure.core.folio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

import org.enclosure.core.mem.FrameAllocator;
import org.enclosure.core.mem.FrameList;
import org.enclosure.core.mem.FrameMagazine;
import org.enclosure.core.mem.HostMemory;
import org.enclosure.core.mem.Raw;
import org.enclosure.core.mem.Seeds;
import org.junit.jupiter.api.Test;

/// Two threads resolve pages, write their offset into them, and look at what they find, while a third takes pages away, splits,
/// merges and marks. A frame that was taken away is poisoned before it is free. So each page is zero or holds its own offset
/// at any look, or a frame was not zeroed, or stood in two places.
class FolioMapRaceTest {
    /// Few pages, so that the threads meet.
    private static final int PAGES = 512 + 5;
    private static final int HOT = 8;
    private static final int HOST_PAGES = 8 * 512;
    private static final int LOOKS = Integer.getInteger("enclosure.test.looks", 200_000);
    private static final long POISON = 0xdead_dead_dead_deadL;

    private final HostMemory memory = HostMemory.reserve(HOST_PAGES * 4096L);
    private final FrameAllocator frames = new FrameAllocator(memory);
    private final FolioMap map = new FolioMap(PAGES, frames);
    private final List<Resolver> resolvers = new ArrayList<>();
    private volatile boolean closed;
    private volatile boolean stop;

    @Test
    void shouldZeroEveryPageOnceWhileOthersTakeAway() throws InterruptedException {
        Random random = Seeds.random("FolioMapRaceTest");
        for (int i = 0; i < 2; i++) {
            Resolver resolver = new Resolver(random.nextLong());
            resolvers.add(resolver);
        }
        resolvers.forEach(Thread::start);
        try {
            while (resolvers.stream().anyMatch(resolver -> resolver.isAlive() && resolver.mark / 2 < LOOKS)) {
                for (int i = 0; i < 100; i++) {
                    mutate(random);
                }
            }
        } finally {
            stop = true;
            for (Resolver resolver : resolvers) {
                resolver.join();
            }
        }
        for (Resolver resolver : resolvers) {
            assertEquals("", resolver.found);
            resolver.magazine.close();
        }
        assertEquals(map.presentPages(), frames.usedFrames(), "frames in use");
        map.close();
        assertEquals(0, frames.usedFrames());
        frames.close();
        memory.close();
    }

    private void mutate(Random random) {
        int start = random.nextInt(4) == 0 ? random.nextInt(PAGES) : random.nextInt(HOT);
        int end = Math.min(PAGES, start + 1 + random.nextInt(HOT));
        switch (random.nextInt(8)) {
            case 0 -> map.split(start, 0);
            case 1 -> map.merge(start, 9);
            case 2 -> lose(start, end);
            case 3 -> map.markUnzeroed(start, end);
            case 4, 5 -> remove(start, end);
            default -> remove(0, 512);
        }
    }

    private void remove(int start, int end) {
        FrameList removed = new FrameList(frames);
        map.remove(start, end, removed);
        drain();
        FrameList free = new FrameList(frames);
        while (!removed.isEmpty()) {
            long pfn = removed.pop();
            poison(pfn, 1L << removed.order());
            free.push(pfn, removed.order());
        }
        free.freeAll();
    }

    /// Plays the part of the invalidate protocol: nobody uses any longer what it found before.
    private void drain() {
        for (Resolver resolver : resolvers) {
            int mark = resolver.mark;
            for (int n = 0; (mark & 1) != 0 && resolver.mark == mark; n++) {
                FolioEntries.relax(n);
            }
        }
    }

    private void lose(int start, int end) {
        closed = true;
        drain();
        for (long at = map.nextPresent(start, end); at < end; at = map.nextPresent(at, end)) {
            poison(FolioMap.pfn(map.get(at)), 1);
            at++;
        }
        map.markUnzeroed(start, end);
        closed = false;
    }

    private void poison(long pfn, long count) {
        for (long i = 0; i < count; i++) {
            Raw.putLong(memory.address(pfn + i), POISON);
        }
    }

    private final class Resolver extends Thread {
        final FrameMagazine magazine = new FrameMagazine(frames, 32);
        private final Random random;
        /// Odd while the thread uses a word that it found.
        private volatile int mark;
        private String found = "";

        Resolver(long seed) {
            random = new Random(seed);
        }

        @Override
        public void run() {
            int at = 0;
            while (!stop && found.isEmpty()) {
                mark = ++at;
                if (!closed) {
                    look(random.nextInt(16) == 0 ? random.nextInt(PAGES) : random.nextInt(HOT));
                }
                mark = ++at;
            }
        }

        private void look(int pgoff) {
            int maxOrder = random.nextInt(64) == 0 ? 9 : 0;
            if (random.nextInt(4) == 0) {
                map.resolve(pgoff, maxOrder, false, magazine);
            }
            long word = map.resolve(pgoff, maxOrder, true, magazine);
            if (word == FolioMap.NO_MEMORY) {
                found = "out of memory";
            } else if (word >= 0) {
                long address = memory.address(FolioMap.pfn(word));
                long content = Raw.getLongOpaque(address); // ORDERING: opaque, any moment will do
                if (content != 0 && content != pgoff + 1) {
                    found = "page 0x" + Integer.toHexString(pgoff) + " holds 0x" + Long.toHexString(content)
                            + " in frame 0x"
                            + Long.toHexString(FolioMap.pfn(word));
                }
                Raw.putLongOpaque(address, pgoff + 1); // ORDERING: opaque, any moment will do
            }
        }
    }
}
