package org.enclosure.core.mem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Random;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FrameMagazineTest {
    private static final int FRAMES = 256;

    private final HostMemory memory = HostMemory.reserve(FRAMES * 4096);
    private final FrameAllocator frames = new FrameAllocator(memory);
    private final FrameMagazine magazine = new FrameMagazine(frames);

    @AfterEach
    void close() {
        frames.close();
        memory.close();
    }

    @Test
    void shouldHandOutAscendingFramesOfARunThatIsItsOwn() {
        FrameMagazine other = new FrameMagazine(frames, 32);
        for (int i = 0; i < 64; i++) {
            assertEquals(i, magazine.take());
        }
        assertEquals(64, other.take());
        assertEquals(96, magazine.take());
        assertEquals(65, other.take());
        assertEquals(FRAMES - 160, frames.freeFrames());
    }

    @Test
    void shouldHandOutEveryFrameAndThenNone() {
        for (int i = 0; i < FRAMES; i++) {
            assertEquals(i, magazine.take());
        }
        assertEquals(FrameAllocator.NONE, magazine.take());
        magazine.giveBack(17);
        assertEquals(17, magazine.take());
        assertEquals(FrameAllocator.NONE, magazine.take());
    }

    @Test
    void shouldTakeFirstWhatWasGivenBackLastAndKnowItIsNotZero() {
        long pfn = magazine.take();
        assertTrue(frames.isKnownZero(pfn));
        magazine.giveBack(pfn);
        assertEquals(pfn, magazine.take());
        assertFalse(frames.isKnownZero(pfn));
    }

    @Test
    void shouldDrainAndKeepWhatIsKnownOfFramesThatNobodyTook() {
        magazine.giveBack(magazine.take());
        assertEquals(64, magazine.size());
        magazine.close();
        assertEquals(0, magazine.size());
        assertEquals(FRAMES, frames.freeFrames());
        assertFalse(frames.isKnownZero(0));
        assertTrue(frames.isKnownZero(1));
        assertEquals(0, frames.allocate(8));
    }

    @Test
    void shouldNeitherLoseNorDoubleAFrame() {
        Random random = Seeds.random("magazine");
        BitSet taken = new BitSet();
        for (int i = 0; i < 20_000; i++) {
            if (random.nextInt(200) < 100 + 60 * Math.sin(i / 500.0)) {
                long pfn = magazine.take();
                assertTrue(pfn == FrameAllocator.NONE ? taken.cardinality() == FRAMES : !taken.get((int) pfn));
                if (pfn != FrameAllocator.NONE) {
                    taken.set((int) pfn);
                }
            } else if (!taken.isEmpty()) {
                int pfn = taken.nextSetBit(random.nextInt(taken.length()));
                taken.clear(pfn);
                magazine.giveBack(pfn);
            }
            assertEquals(FRAMES, frames.freeFrames() + magazine.size() + taken.cardinality());
        }
    }

    @Test
    void shouldRefuseAMagazineThatIsTooSmallAndAFrameThatIsNotAllocated() {
        assertThrows(IllegalArgumentException.class, () -> new FrameMagazine(frames, 31));
        assertThrows(AssertionError.class, () -> magazine.giveBack(200));
        assertThrows(AssertionError.class, () -> magazine.giveBack(FRAMES));
    }
}
