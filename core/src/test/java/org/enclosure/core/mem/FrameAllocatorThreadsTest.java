package org.enclosure.core.mem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;

import org.junit.jupiter.api.Test;

/// Two threads take and give back while a third trims: no frame has two owners, and known zero stays true.
class FrameAllocatorThreadsTest {
    private static final int FRAMES = 6 * 512 + 100;
    private static final long NANOS = 1_000_000_000;

    private final AtomicIntegerArray owners = new AtomicIntegerArray(FRAMES);

    @Test
    void shouldNeverHandOutAFrameTwice() throws InterruptedException, ExecutionException {
        Random random = Seeds.random("threads");
        try (HostMemory memory = HostMemory.reserve(FRAMES * 4096L);
                FrameAllocator frames = new FrameAllocator(memory);
                ExecutorService threads = Executors.newFixedThreadPool(3)) {
            long end = System.nanoTime() + NANOS;
            List<Future<Void>> results = new ArrayList<>();
            results.add(threads.submit(new Owner(1, frames, end, new Random(random.nextLong()))));
            results.add(threads.submit(new Owner(2, frames, end, new Random(random.nextLong()))));
            results.add(threads.submit(() -> trim(frames, end)));
            for (Future<Void> result : results) {
                result.get();
            }
            assertEquals(FRAMES, frames.freeFrames());
            assertEquals(0, frames.allocate(11), "the frames did not merge");
        }
    }

    private static Void trim(FrameAllocator frames, long end) {
        while (System.nanoTime() < end) {
            frames.trim();
        }
        return null;
    }

    private final class Owner implements Callable<Void> {
        private final int id;
        private final FrameAllocator frames;
        private final FrameMagazine magazine;
        private final FrameList list;
        private final long end;
        private final Random random;

        Owner(int id, FrameAllocator frames, long end, Random random) {
            this.id = id;
            this.frames = frames;
            magazine = new FrameMagazine(frames, 32);
            list = new FrameList(frames);
            this.end = end;
            this.random = random;
        }

        @Override
        public Void call() {
            while (System.nanoTime() < end) {
                for (int i = random.nextInt(100); i > 0; i--) {
                    take();
                }
                giveEverythingBack();
            }
            magazine.close();
            return null;
        }

        private void take() {
            int order = random.nextInt(3) == 0 ? random.nextInt(11) : 0;
            long pfn = order == 0 ? magazine.take() : frames.allocate(order);
            if (pfn == FrameAllocator.NONE) {
                return;
            }
            for (int frame = (int) pfn; frame < pfn + (1 << order); frame++) {
                long address = frames.memory().address(frame);
                assertTrue(owners.compareAndSet(frame, 0, id), () -> "frame has two owners");
                assertTrue(!frames.isKnownZero(frame) || Raw.getLong(address) == 0, "a known zero is not zero");
                Raw.putLong(address, id);
            }
            list.push(pfn, order);
        }

        private void giveEverythingBack() {
            while (!list.isEmpty()) {
                long pfn = list.pop();
                for (int frame = (int) pfn; frame < pfn + (1 << list.order()); frame++) {
                    assertEquals(id, Raw.getLong(frames.memory().address(frame)), "another owner wrote");
                    owners.set(frame, 0);
                }
                if (list.order() == 0) {
                    magazine.giveBack(pfn);
                } else {
                    frames.free(pfn, list.order());
                }
            }
        }
    }
}
