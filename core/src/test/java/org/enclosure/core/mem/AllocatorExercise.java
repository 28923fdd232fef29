package org.enclosure.core.mem;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Drives an allocator at random beside a [FrameModel], writes to what it gets, and compares after every step.
///
/// Throws [AssertionError] at the first difference. As a program it is run in other JVMs, under other properties.
final class AllocatorExercise implements AutoCloseable {
    private static final int FRAMES = 5 * 512 + 77;

    private final HostMemory memory = HostMemory.reserve(FRAMES * 4096L);
    private final FrameAllocator frames = new FrameAllocator(memory);
    private final FrameModel model = new FrameModel(FRAMES);
    private final FrameList list = new FrameList(frames);
    private final long[] batch = new long[200];
    private final List<Block> owned = new ArrayList<>();
    private final Random random;

    private record Block(long pfn, int order) {
        long end() {
            return pfn + (1L << order);
        }
    }

    AllocatorExercise(Random random) {
        this.random = random;
    }

    public static void main(String[] args) {
        System.out.println(NativeCalls.describe());
        System.out.println(NativeCalls.notice());
        System.out.println(AccessOrder.describe());
        System.out.println("bounded " + Raw.BOUNDED);
        try (AllocatorExercise exercise = new AllocatorExercise(Seeds.random("exercise"))) {
            exercise.run(500);
        }
        System.out.println("exercise ok");
    }

    void run(int steps) {
        for (int i = 0; i < steps; i++) {
            step();
            expect(frames.freeFrames(), model.free.cardinality(), "free frames");
            expect(frames.quarantinedFrames(), model.quarantined.cardinality(), "frames in quarantine");
            expect(frames.usedFrames(), FRAMES - frames.freeFrames() - frames.quarantinedFrames(), "used frames");
        }
        while (!owned.isEmpty()) {
            freeWhole(owned.removeLast());
        }
        frames.trim();
        model.trimmed();
        takeEverything();
        Block block = new Block(4, 2);
        spoil(block);
        check(memory.giveBack(block.pfn, block.order) == NativeCalls.givesBack(), "the memory was not given back");
        check(isZero(block), "what was given back is not zero");
    }

    private void step() {
        int what = random.nextInt(100);
        if (what < 40) {
            allocate(random.nextInt(4) == 0 ? random.nextInt(12) : random.nextInt(3));
        } else if (what < 50) {
            allocateRun(1 + random.nextInt(batch.length));
        } else if (owned.isEmpty() || what < 52) {
            expect(frames.trim(), NativeCalls.givesBack() ? model.trimmed() : 0, "bytes that trim gave back");
        } else if (what < 53) {
            quarantine();
        } else {
            give(owned.remove(random.nextInt(owned.size())));
        }
    }

    private void give(Block block) {
        switch (random.nextInt(4)) {
            case 0 -> freeInParts(block);
            case 1 -> freeAsBatch(block);
            case 2 -> freeByList(block);
            default -> freeWhole(block);
        }
    }

    private void allocate(int order) {
        long expected = model.lowestFit(order);
        long pfn = frames.allocate(order);
        expect(pfn, expected, "allocate order " + order);
        if (pfn != FrameAllocator.NONE) {
            use(new Block(pfn, order));
        }
    }

    private void allocateRun(int count) {
        int expected = Math.min(count, model.free.cardinality());
        long lowest = model.lowestFit(0);
        expect(frames.allocateRun(batch, count), expected, "allocate a run of " + count);
        for (int i = 0; i < expected; i++) {
            check(model.free.get((int) batch[i]), "a run has a frame that was not free: " + batch[i]);
            use(new Block(batch[i], 0));
        }
        check(expected == 0 || batch[0] == lowest, "a run does not start at the lowest frame of the smallest block");
    }

    /// Checks the promise of zeroes, then spoils the block, half the time with a second zeroing in between.
    private void use(Block block) {
        for (long pfn = block.pfn; pfn < block.end(); pfn++) {
            expect(frames.isKnownZero(pfn) ? 1 : 0, model.knownZero.get((int) pfn) ? 1 : 0, "known zero of " + pfn);
            check(!frames.isKnownZero(pfn) || Raw.isZero(memory.address(pfn), 4096), "not zero: " + pfn);
        }
        model.allocated(block.pfn, block.order);
        owned.add(block);
        if (random.nextBoolean()) {
            frames.zero(block.pfn, block.order);
            check(isZero(block), "zero left something in " + block);
            spoil(block);
            frames.zero(block.pfn, block.order);
            check(isZero(block), "the second zero left something in " + block);
        }
        spoil(block);
    }

    private boolean isZero(Block block) {
        return Raw.isZero(memory.address(block.pfn), 4096L << block.order);
    }

    private void spoil(Block block) {
        for (long pfn = block.pfn; pfn < block.end(); pfn++) {
            Raw.putLong(memory.address(pfn) + 8L * random.nextInt(512), ~pfn);
        }
    }

    private void freeWhole(Block block) {
        frames.free(block.pfn, block.order);
        model.freed(block.pfn, block.order);
    }

    private void freeInParts(Block block) {
        if (block.order == 0) {
            freeWhole(block);
            return;
        }
        int half = block.order - 1;
        freeWhole(new Block(block.pfn + (1L << half), half));
        freeInParts(new Block(block.pfn, half));
    }

    private void freeAsBatch(Block block) {
        int count = 0;
        for (long pfn = block.end() - 1; pfn >= block.pfn && count < batch.length; pfn--) {
            batch[count++] = pfn;
        }
        frames.free(batch, count);
        model.freed(block.pfn, block.order);
        for (long pfn = block.pfn; pfn < block.end() - count; pfn++) {
            frames.free(pfn, 0);
        }
    }

    private void freeByList(Block block) {
        list.push(block.pfn, block.order);
        if (!owned.isEmpty()) {
            Block other = owned.removeLast();
            list.push(other.pfn, other.order);
            model.freed(other.pfn, other.order);
        }
        list.freeAll();
        check(list.isEmpty(), "the list is not empty");
        model.freed(block.pfn, block.order);
    }

    private void quarantine() {
        Block block = owned.getLast();
        long pfn = block.order == 0 ? block.pfn : model.free.nextSetBit(0);
        if (pfn < 0 || model.quarantined.cardinality() > 20) {
            return;
        }
        if (block.order == 0) {
            owned.removeLast();
        }
        frames.quarantine(pfn);
        model.quarantined(pfn);
    }

    /// Every frame is there once, unless it is in quarantine.
    private void takeEverything() {
        for (long pfn = frames.allocate(0); pfn != FrameAllocator.NONE; pfn = frames.allocate(0)) {
            check(model.free.get((int) pfn), "handed out twice, or in quarantine: " + pfn);
            model.allocated(pfn, 0);
        }
        check(model.free.isEmpty(), "frames were lost: " + model.free);
    }

    private static void expect(long actual, long expected, String what) {
        check(actual == expected, what + ": " + actual + ", the model says " + expected);
    }

    private static void check(boolean holds, String message) {
        if (!holds) {
            throw new AssertionError(message);
        }
    }

    @Override
    public void close() {
        frames.close();
        memory.close();
    }
}
