package org.enclosure.core.mem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class FrameAllocatorTest {
    private static final int GIG = 1 << 18;

    private final HostMemory memory = HostMemory.reserve(3L << 30);
    private final FrameAllocator frames = new FrameAllocator(memory);

    @AfterEach
    void close() {
        frames.close();
        memory.close();
    }

    @RepeatedTest(10)
    void shouldAgreeWithTheModel() {
        try (AllocatorExercise exercise = new AllocatorExercise(Seeds.random("allocator"))) {
            exercise.run(1500);
        }
    }

    @Test
    void shouldHandOutWholeGigabytesAndNoMore() {
        assertEquals(0, frames.allocate(18));
        assertEquals(GIG, frames.allocate(18));
        assertEquals(2 * GIG, frames.allocate(18));
        assertEquals(FrameAllocator.NONE, frames.allocate(0));
        assertEquals(0, frames.freeFrames());
        frames.free(GIG, 18);
        frames.free(0, 18);
        assertEquals(0, frames.allocate(18));
        assertEquals(GIG, frames.usedFrames() - GIG);
    }

    @Test
    void shouldMergeBackToAWholeFromSingleFrames() {
        long[] all = new long[3 * GIG];
        assertEquals(all.length, frames.allocateRun(all, all.length));
        for (int i = 0; i < all.length; i++) {
            assertEquals(i, all[i]);
        }
        frames.free(all, all.length);
        assertEquals(all.length, frames.freeFrames());
        assertEquals(0, frames.allocate(18));
        assertEquals(GIG, frames.allocate(18));
        assertEquals(2 * GIG, frames.allocate(18));
    }

    @Test
    void shouldTakeRunsFromLowAddressesUpAndSmallBlocksFirst() {
        long[] run = new long[64];
        assertEquals(64, frames.allocateRun(run, 64));
        assertEquals(63, run[63]);
        frames.free(run[7], 0);
        assertEquals(512, frames.allocate(9));
        assertEquals(7, frames.allocate(0));
        assertEquals(64, frames.allocate(0));
        assertEquals(66, frames.allocate(1));
        assertEquals(3, frames.allocateRun(run, 3));
        assertEquals(65, run[0]);
        assertEquals(68, run[1]);
        assertEquals(69, run[2]);
    }

    @Test
    void shouldManageMemoryThatIsNotAMultipleOfALargeBlock() {
        try (HostMemory odd = HostMemory.reserve((1L << 30) + (5L << 20) + 3 * 4096);
                FrameAllocator allocator = new FrameAllocator(odd)) {
            long expected = GIG + 2 * 512 + 256 + 3;
            assertEquals(expected, allocator.freeFrames());
            long[] all = new long[(int) expected + 1];
            assertEquals(expected, allocator.allocateRun(all, all.length));
            allocator.free(all, (int) expected);
            assertEquals(0, allocator.allocate(18));
            assertEquals(GIG, allocator.allocate(10));
        }
    }

    @Test
    void shouldLetABlockBeGivenBackInParts() {
        long block = frames.allocate(9);
        frames.free(block, 0);
        assertThrows(AssertionError.class, () -> frames.free(block, 9));
        assertThrows(AssertionError.class, () -> frames.free(block, 1));
        frames.free(block + 256, 8);
        for (int i = 1; i < 256; i++) {
            frames.free(block + i, 0);
        }
        assertEquals(3 * GIG, frames.freeFrames());
        assertEquals(0, frames.allocate(18));
    }

    @Test
    void shouldRefuseWhatIsNotAllocatedAndNameFrameAndOrder() {
        long block = frames.allocate(4);
        frames.free(block, 4);
        refused("free pfn=0x0 order=4: not allocated", () -> frames.free(block, 4));
        refused("free pfn=0x1 order=1: no such block", () -> frames.free(1, 1));
        refused("free pfn=0xc0000 order=0: no such block", () -> frames.free(3 * GIG, 0));
        refused("free pfn=0xffffffffffffffff order=0: no such block", () -> frames.free(-1, 0));
        refused("free pfn=0x0 order=19: no such block", () -> frames.free(0, 19));
        refused("free pfn=0x0 order=-1: no such block", () -> frames.free(0, -1));
        refused("zero pfn=0x0 order=0: not allocated", () -> frames.zero(0, 0));
        refused("mark dirty pfn=0x0 order=0: not allocated", () -> frames.markDirty(0, 0));
        refused("free pfn=0x2 order=0: not allocated", () -> frames.free(new long[] {2}, 1));
        refused("allocate: order 19", () -> frames.allocate(19));
        assertEquals(3 * GIG, frames.freeFrames());
        assertEquals(0, frames.allocate(18));
    }

    private static void refused(String message, Runnable call) {
        AssertionError e = assertThrows(AssertionError.class, call::run);
        assertTrue(String.valueOf(e.getMessage()).startsWith(message), e.toString());
    }

    @Test
    void shouldPayForZeroesOnce() {
        long pfn = frames.allocate(0);
        assertTrue(frames.isKnownZero(pfn));
        Raw.putLong(memory.address(pfn), 42);
        frames.zero(pfn, 0);
        assertEquals(42, Raw.getLong(memory.address(pfn)), "a frame that is known to be zero was zeroed");
        frames.zero(pfn, 0);
        assertEquals(0, Raw.getLong(memory.address(pfn)), "the knowledge was not used up");
    }

    @Test
    void shouldZeroOnlyTheDirtyFramesOfABlock() {
        long block = frames.allocate(9);
        for (int i : new int[] {0, 3, 4, 16, 17, 18, 19, 20, 21, 22, 23, 24, 511}) {
            frames.markDirty(block + i, 0);
        }
        for (int i = 0; i < 512; i++) {
            Raw.putLong(memory.address(block + i) + 4088, 1);
        }
        frames.zero(block, 9);
        for (int i = 0; i < 512; i++) {
            boolean dirty = i == 0 || i == 3 || i == 4 || i >= 16 && i <= 24 || i == 511;
            assertEquals(dirty ? 0 : 1, Raw.getLong(memory.address(block + i) + 4088), "frame " + i);
        }
    }

    @Test
    void shouldNotTakeAFreedFrameForZero() {
        long pfn = frames.allocate(0);
        frames.free(pfn, 0);
        assertFalse(frames.isKnownZero(pfn));
        assertEquals(pfn, frames.allocate(0));
        assertFalse(frames.isKnownZero(pfn));
        assertTrue(frames.isKnownZero(pfn + 1));
    }

    @Test
    void shouldNeverHandOutAFrameInQuarantine() {
        long used = frames.allocate(0);
        frames.quarantine(used);
        frames.quarantine(700);
        assertEquals(2, frames.quarantinedFrames());
        assertEquals(0, frames.usedFrames());
        assertEquals(3 * GIG - 2, frames.freeFrames());
        assertEquals(GIG, frames.allocate(18));
        assertEquals(2 * GIG, frames.allocate(18));
        long[] rest = new long[GIG];
        assertEquals(GIG - 2, frames.allocateRun(rest, GIG));
        for (int i = 0; i < GIG - 2; i++) {
            assertTrue(rest[i] != used && rest[i] != 700);
        }
        frames.free(rest, GIG - 2);
        assertEquals(FrameAllocator.NONE, frames.allocate(18));
        assertThrows(AssertionError.class, () -> frames.free(used, 0));
        assertThrows(AssertionError.class, () -> frames.quarantine(700));
    }

    @Test
    void shouldGiveFreeDirtyMemoryBackToTheSystem() throws IOException {
        assumeTrue(NativeCalls.givesBack() && Files.exists(Path.of("/proc/self/statm")), "needs Linux");
        long bytes = 256L << 20;
        long block = frames.allocate(16);
        long kept = frames.allocate(9);
        for (long offset = 0; offset < bytes; offset += 4096) {
            Raw.putLong(memory.address(block) + offset, 1);
        }
        Raw.putLong(memory.address(kept), 7);
        frames.free(block, 16);
        long before = residentBytes();
        assertEquals(bytes, frames.trim());
        long after = residentBytes();
        assertTrue(after < before - bytes / 2, "resident before " + before + ", after " + after);
        assertEquals(0, frames.trim());
        assertEquals(7, Raw.getLong(memory.address(kept)));
        assertEquals(block, frames.allocate(16));
        for (long pfn = block; pfn < block + (1 << 16); pfn++) {
            assertTrue(frames.isKnownZero(pfn) && Raw.getLong(memory.address(pfn)) == 0);
        }
    }

    @Test
    void shouldTrimOnlyWhat2MAreFreeOf() {
        assumeTrue(NativeCalls.givesBack(), "nothing is given back here");
        long a = frames.allocate(9);
        long b = frames.allocate(9);
        long c = frames.allocate(9);
        frames.free(a, 9);
        frames.free(c, 9);
        frames.free(b, 8);
        assertEquals(4 << 20, frames.trim());
        assertTrue(frames.isKnownZero(a) && frames.isKnownZero(c + 511));
        assertFalse(frames.isKnownZero(b));
        frames.free(b + 256, 8);
        assertEquals(2 << 20, frames.trim());
        long[] all = new long[3 * GIG + 1];
        assertEquals(3 * GIG, frames.allocateRun(all, all.length), "frames were lost or doubled");
    }

    @Test
    void shouldLeaveMemoryBetweenTrimmedBlocksAlone() {
        assumeTrue(NativeCalls.givesBack(), "nothing is given back here");
        long first = frames.allocate(9);
        long used = frames.allocate(9);
        long last = frames.allocate(9);
        for (long block : new long[] {first, used, last}) {
            Raw.putLong(memory.address(block), 1);
        }
        frames.free(first, 9);
        frames.free(last, 9);
        assertEquals(4 << 20, frames.trim());
        assertEquals(0, Raw.getLong(memory.address(first)));
        assertEquals(1, Raw.getLong(memory.address(used)));
        assertEquals(0, Raw.getLong(memory.address(last)));
        assertTrue(frames.isKnownZero(last));
        frames.free(used, 9);
        assertEquals(0, frames.allocate(18));
    }

    @Test
    void shouldCommitNextToNothingForMemoryThatNobodyTouched() throws IOException {
        assumeTrue(NativeCalls.givesBack() && Files.exists(Path.of("/proc/self/statm")), "needs Linux");
        frames.free(frames.allocate(0), 0);
        long before = residentBytes();
        try (HostMemory large = HostMemory.reserve(HostMemory.MAX_BYTES);
                FrameAllocator allocator = new FrameAllocator(large)) {
            assertEquals(1L << 30, allocator.freeFrames());
            assertEquals(0, allocator.allocate(0));
            long committed = residentBytes() - before;
            assertTrue(committed < 4 << 20, committed + " bytes were committed");
        }
    }

    private static long residentBytes() throws IOException {
        return Long.parseLong(Files.readString(Path.of("/proc/self/statm")).split(" ", 3)[1]) * 4096;
    }
}
