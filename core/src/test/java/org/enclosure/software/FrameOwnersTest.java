package org.enclosure.software;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FrameOwnersTest {
    private static final int ROUNDS = 20_000;

    private final FrameOwners owners = new FrameOwners(1 << 16);

    @Test
    void shouldTellClaimedFromAlreadyFromForeign() {
        assertEquals(FrameOwners.CLAIMED, owners.claim(7, 1, 1));
        assertEquals(FrameOwners.ALREADY, owners.claim(7, 1, 1));
        assertEquals(1, owners.claim(7, 1, 2));
        assertEquals(1, owners.owner(7));
        assertEquals(FrameOwners.NOBODY, owners.owner(8));
    }

    @Test
    void shouldChangeNothingWhenOneFrameOfARunIsForeign() {
        owners.claim(600, 1, 2);
        owners.claim(513, 1, 1);
        assertEquals(2, owners.claim(512, 512, 1));
        assertEquals(FrameOwners.NOBODY, owners.owner(512));
        assertEquals(1, owners.owner(513), "a frame that was the owner's before stays the owner's");
        assertEquals(2, owners.firstOwner(514, 510));
    }

    @Test
    void shouldReleaseOnlyTheFramesOfTheOwner() {
        owners.claim(0, 4, 1);
        owners.claim(4, 4, 2);
        assertEquals(4, owners.release(0, 8, 1));
        assertEquals(0, owners.release(0, 8, 1));
        assertEquals(FrameOwners.NOBODY, owners.firstOwner(0, 4));
        assertEquals(2, owners.firstOwner(0, 8));
    }

    @Test
    void shouldWorkAcrossChunkEndsAndSkipAbsentChunks() {
        long chunk = 1 << 15;
        assertEquals(FrameOwners.NOBODY, owners.firstOwner(0, 2 * chunk));
        owners.claim(chunk - 1, 2, 3);
        assertEquals(3, owners.owner(chunk));
        assertEquals(2, owners.release(0, 2 * chunk, 3));
    }

    @Test
    void shouldKnowNoFrameOutsideOfTheMachine() {
        for (long[] run : new long[][] {{1 << 16, 1}, {-1, 1}, {0, 0}, {0, -1}, {65_535, 2}, {1, Long.MAX_VALUE},
                {Long.MAX_VALUE, 1}}) {
            assertEquals(FrameOwners.NO_FRAME, owners.claim(run[0], run[1], 1));
            assertEquals(0, owners.release(run[0], run[1], 1));
            assertEquals(FrameOwners.NOBODY, owners.firstOwner(run[0], run[1]));
        }
        assertEquals(FrameOwners.NOBODY, owners.owner(1 << 16));
    }

    /// A run and a single frame of it, claimed for two owners at once: one of them gets all that it asked for, and what the loser
    /// had taken for a moment is nobody's again.
    @Test
    void shouldLetExactlyOneOwnerWinARace() throws Exception {
        CyclicBarrier start = new CyclicBarrier(2);
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            for (int round = 0; round < ROUNDS; round++) {
                long pfn = 8L + round % 8;
                Future<Integer> single = other.submit(() -> {
                    start.await();
                    return insist(pfn, 1, 2);
                });
                start.await();
                int run = insist(8, 8, 1);
                boolean runWon = run == FrameOwners.CLAIMED;
                assertEquals(runWon ? 1 : FrameOwners.CLAIMED, (int) single.get());
                assertTrue(runWon || run == 2, "answer " + run);
                assertEquals(runWon ? 8 : 0, owners.release(8, 8, 1));
                assertEquals(runWon ? 0 : 1, owners.release(8, 8, 2));
                assertEquals(FrameOwners.NOBODY, owners.firstOwner(0, 32));
            }
        }
    }

    /// A run that fails at its last frame, and a single frame of it, claimed for one owner at once: the single claim is never told
    /// that the frame is its owner's while the run may still give it back.
    @Test
    void shouldKeepAFrameThatWasClaimedWhileARunAroundItFailed() throws Exception {
        owners.claim(15, 1, 2);
        CyclicBarrier start = new CyclicBarrier(2);
        try (ExecutorService other = Executors.newSingleThreadExecutor()) {
            for (int round = 0; round < ROUNDS; round++) {
                Future<Integer> single = other.submit(() -> {
                    start.await();
                    return insist(8, 1, 1);
                });
                start.await();
                assertEquals(2, insist(8, 8, 1));
                assertEquals(FrameOwners.CLAIMED, (int) single.get());
                assertEquals(1, owners.release(8, 8, 1));
            }
        }
    }

    private int insist(long pfn, long npages, int owner) {
        int answer = owners.claim(pfn, npages, owner);
        while (answer == FrameOwners.BUSY) {
            Thread.onSpinWait();
            answer = owners.claim(pfn, npages, owner);
        }
        return answer;
    }
}
