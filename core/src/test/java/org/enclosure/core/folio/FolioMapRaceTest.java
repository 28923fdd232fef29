package org.enclosure.core.folio;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.ReentrantReadWriteLock;

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
    private static final int PAGES = 4 * 512 + 5;
    private static final int HOST_PAGES = 8 * 512;
    private static final int ROUNDS = Integer.getInteger("enclosure.test.rounds", 30_000);
    private static final long POISON = 0xdead_dead_dead_deadL;

    private final HostMemory memory = HostMemory.reserve(HOST_PAGES * 4096L);
    private final FrameAllocator frames = new FrameAllocator(memory);
    private final FolioMap map = new FolioMap(PAGES, frames);
    /// Plays the part of the invalidate protocol: who holds a word holds the read lock.
    private final ReentrantReadWriteLock inUse = new ReentrantReadWriteLock();
    private volatile boolean stop;

    @Test
    void shouldZeroEveryPageOnceWhileOthersTakeAway() throws InterruptedException {
        Random random = Seeds.random("FolioMapRaceTest");
        List<Resolver> resolvers = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Resolver resolver = new Resolver(random.nextLong());
            resolvers.add(resolver);
            resolver.start();
        }
        try {
            for (int i = 0; i < ROUNDS; i++) {
                mutate(random);
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
        int start = random.nextBoolean() ? random.nextInt(PAGES) : random.nextInt(4) * 512;
        int end = Math.min(PAGES, random.nextBoolean() ? start + 512 : start + 1 + random.nextInt(40));
        switch (random.nextInt(6)) {
            case 0 -> map.split(start, 0);
            case 1 -> map.merge(start, 9);
            case 2 -> lose(start, end);
            case 3 -> map.markUnzeroed(start, end);
            default -> remove(start, end);
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

    private void drain() {
        whileNobodyLooks(() -> {
        });
    }

    private void lose(int start, int end) {
        whileNobodyLooks(() -> {
            for (long at = map.nextPresent(start, end); at < end; at = map.nextPresent(at, end)) {
                poison(FolioMap.pfn(map.get(at)), 1);
                at++;
            }
            map.markUnzeroed(start, end);
        });
    }

    private void whileNobodyLooks(Runnable action) {
        inUse.writeLock().lock();
        try {
            action.run();
        } finally {
            inUse.writeLock().unlock();
        }
    }

    private void poison(long pfn, long count) {
        for (long i = 0; i < count; i++) {
            Raw.putLong(memory.address(pfn + i), POISON);
        }
    }

    private final class Resolver extends Thread {
        final FrameMagazine magazine = new FrameMagazine(frames, 32);
        private final Random random;
        private String found = "";

        Resolver(long seed) {
            random = new Random(seed);
        }

        @Override
        public void run() {
            while (!stop && found.isEmpty()) {
                int pgoff = random.nextInt(PAGES);
                inUse.readLock().lock();
                try {
                    look(pgoff);
                } finally {
                    inUse.readLock().unlock();
                }
            }
        }

        private void look(int pgoff) {
            int maxOrder = random.nextInt(8) == 0 ? 9 : 0;
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
