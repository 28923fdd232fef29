package org.enclosure.core.mem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicIntegerArray;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

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

    @Test
    void shouldLoseNoFrameUnderContention() throws InterruptedException, ExecutionException {
        try (HostMemory memory = HostMemory.reserve(FRAMES * 4096L);
                FrameAllocator frames = new FrameAllocator(memory);
                ExecutorService threads = Executors.newFixedThreadPool(2)) {
            long end = System.nanoTime() + NANOS;
            Future<Void> other = threads.submit(() -> takeAndFree(frames, end));
            takeAndFree(frames, end);
            other.get();
            assertEquals(FRAMES, frames.freeFrames());
            long[] all = new long[FRAMES + 1];
            assertEquals(FRAMES, frames.allocateRun(all, all.length));
        }
    }

    private static Void takeAndFree(FrameAllocator frames, long end) {
        while (System.nanoTime() < end) {
            for (int i = 0; i < 100; i++) {
                long one = frames.allocate(0);
                long two = frames.allocate(1);
                frames.free(one, 0);
                frames.free(two, 1);
            }
        }
        return null;
    }

    /// The loan of a trim is held open until the other thread waits for it, or has given up.
    @ParameterizedTest
    @EnumSource(Seeker.class)
    void shouldWaitForMemoryThatIsBeingTrimmed(Seeker seeker) throws InterruptedException, ExecutionException {
        try (HostMemory memory = HostMemory.reserve(4L << 20);
                FrameAllocator frames = new FrameAllocator(memory);
                ExecutorService threads = Executors.newSingleThreadExecutor()) {
            frames.free(frames.allocate(10), 10);
            assertTrue(frames.lend());
            CompletableFuture<Thread> thread = new CompletableFuture<>();
            Future<Boolean> found = threads.submit(() -> {
                thread.complete(Thread.currentThread());
                return seeker.finds(frames);
            });
            while (!found.isDone() && thread.get().getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
            }
            frames.takeBack();
            assertTrue(found.get(), "memory that is free was not found");
        }
    }

    enum Seeker {
        ALLOCATE {
            @Override
            boolean finds(FrameAllocator frames) {
                return frames.allocate(9) != FrameAllocator.NONE;
            }
        },
        ALLOCATE_RUN {
            @Override
            boolean finds(FrameAllocator frames) {
                return frames.allocateRun(new long[3], 3) == 3;
            }
        },
        QUARANTINE {
            @Override
            boolean finds(FrameAllocator frames) {
                frames.quarantine(5);
                return frames.quarantinedFrames() == 1;
            }
        };

        abstract boolean finds(FrameAllocator frames);
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
            int order = random.nextInt(3) == 0 ? random.nextInt(random.nextInt(50) == 0 ? 11 : 3) : 0;
            long pfn = order == 0 && random.nextBoolean() ? magazine.take() : frames.allocate(order);
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
                if (list.order() == 0 && random.nextBoolean()) {
                    magazine.giveBack(pfn);
                } else {
                    frames.free(pfn, list.order());
                }
            }
        }
    }
}
