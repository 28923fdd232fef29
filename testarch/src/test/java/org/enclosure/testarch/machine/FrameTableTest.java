package org.enclosure.testarch.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.enclosure.testarch.Bare;
import org.junit.jupiter.api.Test;

class FrameTableTest {
    private final Bare bare = new Bare();
    private final FrameTable frames = new FrameTable(bare.memory, Bare.FRAMES);

    @Test
    void shouldPackAndUnpackTheWord() {
        long word = FrameWord.of(FrameWord.MAX_OWNER, FrameWord.GFN_LIMIT - 1, FrameWord.LARGE);
        assertEquals(FrameWord.MAX_OWNER, FrameWord.owner(word));
        assertEquals(FrameWord.GFN_LIMIT - 1, FrameWord.gfn(word));
        assertTrue(FrameWord.is(word, FrameWord.MAX_OWNER, FrameWord.GFN_LIMIT - 1));
    }

    @Test
    void shouldHoldBackOthersUntilAClaimIsDecided() {
        assertEquals(Code.SUCCESS, frames.claim(1, 1, 10, 1, 0));
        assertEquals(Code.BUSY, frames.claim(1, 1, 10, 1, 0));
        assertEquals(Code.BUSY, frames.claim(1, 1, 10, 2, 0));
        frames.commit(1, 1);
        assertEquals(Code.ALREADY, frames.claim(1, 1, 10, 1, 0));
        assertEquals(Code.FOREIGN, frames.claim(1, 1, 10, 2, 0));
        assertEquals(Code.MISMATCH, frames.claim(1, 1, 11, 1, 0));
    }

    @Test
    void shouldChangeNothingWhenOneFrameOfARunIsForeign() {
        frames.assign(520, 1, 0, 2, 0);
        assertEquals(Code.FOREIGN, frames.assign(512, 512, 512, 1, FrameWord.LARGE));
        for (long pfn = 512; pfn < 1024; pfn++) {
            assertEquals(pfn == 520, frames.word(pfn) != FrameWord.HOST);
        }
        assertEquals(520, frames.firstForeign(512, 512, 1));
        assertEquals(-1, frames.firstForeign(512, 512, 2));
    }

    @Test
    void shouldSplitALargePageAndKeepItsAcceptance() {
        frames.assign(512, 512, 512, 1, FrameWord.LARGE);
        frames.accept(512, 512, true);
        assertEquals(Code.SIZE_MISMATCH, frames.assign(600, 1, 600, 1, 0));
        assertEquals(Code.SUCCESS, frames.split(600));
        assertEquals(Code.ALREADY, frames.split(600));
        assertEquals(Code.ALREADY, frames.assign(600, 1, 600, 1, 0));
        assertEquals(FrameWord.ACCEPTED, frames.word(1023) & (FrameWord.ACCEPTED | FrameWord.LARGE));
    }

    @Test
    void shouldReleaseOnlyPagesOfTheOwner() {
        frames.assign(0, 2, 0, 1, 0);
        frames.assign(2, 1, 0, 1, FrameWord.STRUCTURE);
        frames.assign(3, 1, 3, 2, 0);
        assertEquals(2, frames.release(0, 4, 1, FrameTable.KEEP));
        assertEquals(Code.SUCCESS, frames.releaseStructure(2));
        assertEquals(Code.MISMATCH, frames.releaseStructure(3));
    }

    @Test
    void shouldTreatTheBytesAsTold() {
        int[] treatments = {FrameTable.KEEP, FrameTable.SCRAMBLE, FrameTable.WIPE};
        for (int pfn = 0; pfn < 3; pfn++) {
            bare.memory.putLong((long) pfn << 12, 77);
            frames.assign(pfn, 1, pfn, 1, 0);
            frames.release(pfn, 1, 1, treatments[pfn]);
        }
        assertEquals(77, bare.memory.getLong(0));
        assertEquals(FrameTable.scrambled(4096, 77), bare.memory.getLong(4096));
        assertTrue(bare.memory.isZero(8192, 4096));
    }

    @Test
    void shouldScrambleByContentAndByAddress() {
        assertNotEquals(FrameTable.scrambled(0, 1), FrameTable.scrambled(8, 1));
        assertNotEquals(FrameTable.scrambled(8, 1), FrameTable.scrambled(8, 2));
        assertNotEquals(77, FrameTable.scrambled(4096, 77));
    }

    @Test
    void shouldKnowNoFrameOutsideOfTheMachine() {
        for (long[] run : new long[][] {{Bare.FRAMES, 1}, {-1, 1}, {0, 0}, {0, -1}, {Bare.FRAMES - 1, 2},
                {1, Long.MAX_VALUE}}) {
            assertEquals(Code.BAD_OPERAND, frames.claim(run[0], run[1], 0, 1, 0));
            assertEquals(Code.BAD_OPERAND, frames.checkHost(run[0], run[1]));
            assertEquals(0, frames.release(run[0], run[1], 1, FrameTable.WIPE));
        }
        assertEquals(FrameWord.HOST, frames.word(-1));
        assertEquals(FrameWord.HOST, frames.word(Long.MAX_VALUE));
    }

    @Test
    void shouldPoisonOnlyWhatItHasSeen() {
        frames.assign(1, 1, 1, 1, FrameWord.INTEGRITY);
        long word = frames.word(1);
        assertTrue(frames.poison(1, word));
        assertEquals(FrameWord.POISONED, frames.word(1) & FrameWord.POISONED);
        assertEquals(false, frames.poison(1, word));
    }
}
