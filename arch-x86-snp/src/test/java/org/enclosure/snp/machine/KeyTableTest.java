package org.enclosure.snp.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.enclosure.spi.PhysicalMemory;
import org.junit.jupiter.api.Test;

class KeyTableTest {
    private static final long FRAMES = 64;
    private static final long PFN = 3;
    private static final long GFN = 0x700;
    private static final long PA = PFN << 12;
    private static final long PLAIN = 0x1122_3344_5566_7788L;

    private final PhysicalMemory memory = new PhysicalMemory(Arena.ofAuto().allocate(FRAMES << 12, 4096), 0);
    private final KeyTable keys = new KeyTable(memory, FRAMES);

    @Test
    void shouldShowCiphertextOfAPageUnderAKey() {
        memory.putLong(PA, PLAIN);
        assertEquals(PLAIN, keys.readWithoutKey(PA));
        assertEquals(1, keys.take(PFN, 1, GFN, 5));
        assertEquals(5, keys.key(PFN));
        assertEquals(PLAIN, memory.getLong(PA), "the guest sees its bytes");
        assertNotEquals(PLAIN, keys.readWithoutKey(PA));
    }

    @Test
    void shouldKnowForWhichGuestPageAPageWasGivenOut() {
        assertEquals(2, keys.take(PFN, 2, GFN, 5));
        assertEquals(0, keys.take(PFN, 2, GFN, 5), "given out to the same pages before");
        assertTrue(keys.isFor(PFN + 1, 5, GFN + 1));
        assertFalse(keys.isFor(PFN + 1, 5, GFN));
        assertFalse(keys.isFor(PFN + 1, 6, GFN + 1));
        assertFalse(keys.isFor(PFN + 2, 5, GFN + 2));
        assertEquals(-1, keys.take(PFN, 1, GFN + 1, 5), "another page of the same guest");
    }

    @Test
    void shouldMakeOtherCiphertextOfTheSameBytesAtOtherAddressesAndUnderOtherKeys() {
        keys.take(PFN, 2, GFN, 5);
        long here = keys.readWithoutKey(PA);
        assertNotEquals(here, keys.readWithoutKey(PA + 8));
        assertNotEquals(here, keys.readWithoutKey(PA + 4096));
        keys.leave(PFN, 2, 5);
        memory.zero(PA, 8192);
        keys.take(PFN, 2, GFN, 6);
        assertNotEquals(here, keys.readWithoutKey(PA));
    }

    @Test
    void shouldLeaveTheCiphertextBehind() {
        memory.putLong(PA, PLAIN);
        keys.take(PFN, 1, GFN, 5);
        long seen = keys.readWithoutKey(PA);
        assertEquals(1, keys.leave(PFN, 1, 5));
        assertEquals(KeyTable.NONE, keys.key(PFN));
        assertEquals(seen, memory.getLong(PA), "what the host saw is what is there now");
        assertEquals(seen, keys.readWithoutKey(PA));
        assertEquals(0, keys.leave(PFN, 1, 5), "there is nothing left to leave");
    }

    @Test
    void shouldShowThePlaintextAgainWhereNothingWasWritten() {
        memory.putLong(PA, PLAIN);
        memory.putLong(PA + 8, PLAIN);
        keys.take(PFN, 1, GFN, 5);
        long seen = keys.readWithoutKey(PA);
        keys.expose(PFN);
        assertEquals(seen, memory.getLong(PA));
        assertEquals(seen, keys.readWithoutKey(PA));
        keys.expose(PFN);
        assertEquals(seen, memory.getLong(PA), "exposed already");
        memory.putLong(PA + 8, PLAIN);
        assertTrue(keys.lookAgain(PFN));
        assertEquals(PLAIN, memory.getLong(PA));
        assertNotEquals(PLAIN, memory.getLong(PA + 8), "what the host wrote is rubbish for the guest");
        assertTrue(keys.lookAgain(PFN), "nothing to turn");
        assertEquals(PLAIN, memory.getLong(PA));
    }

    @Test
    void shouldNotTurnAnExposedPageAgainWhenItsGuestLeavesIt() {
        memory.putLong(PA, PLAIN);
        keys.take(PFN, 1, GFN, 5);
        keys.expose(PFN);
        long seen = memory.getLong(PA);
        assertEquals(1, keys.leave(PFN, 1, 5));
        assertEquals(seen, memory.getLong(PA));
        keys.expose(PFN);
        assertEquals(seen, memory.getLong(PA), "a page without key is written as it is");
    }

    @Test
    void shouldRefuseARunOfWhichOnePageIsAnotherGuests() {
        assertEquals(1, keys.take(PFN + 2, 1, GFN, 6));
        assertEquals(-1, keys.take(PFN, 4, GFN, 5));
        for (long pfn = PFN; pfn < PFN + 4; pfn++) {
            assertEquals(pfn == PFN + 2 ? 6 : KeyTable.NONE, keys.key(pfn));
        }
        assertEquals(2, keys.take(PFN, 2, GFN, 5));
        assertEquals(2, keys.leave(PFN, 4, 5), "the other guest's page stays");
        assertEquals(6, keys.key(PFN + 2));
    }

    @Test
    void shouldChangeNothingWhereARefusedRunBeginsWithOwnPages() {
        keys.take(PFN, 1, GFN, 5);
        keys.take(PFN + 3, 1, 0x900, 6);
        assertEquals(-1, keys.take(PFN, 4, GFN, 5));
        assertEquals(5, keys.key(PFN));
        assertEquals(KeyTable.NONE, keys.key(PFN + 1));
        assertEquals(KeyTable.NONE, keys.key(PFN + 2));
        keys.leave(PFN + 3, 1, 6);
        assertEquals(3, keys.take(PFN, 4, GFN, 5));
    }

    @Test
    void shouldKnowNoPagesOutsideOfTheMachine() {
        assertEquals(-1, keys.take(FRAMES, 1, GFN, 5));
        assertEquals(-1, keys.take(FRAMES - 1, 2, GFN, 5));
        assertEquals(-1, keys.take(-1, 2, GFN, 5));
        assertEquals(-1, keys.take(0, 0, GFN, 5));
        assertEquals(KeyTable.NONE, keys.key(FRAMES));
        assertEquals(KeyTable.NONE, keys.key(-1));
        assertEquals(KeyTable.NONE, keys.key(FRAMES - 1));
        assertEquals(0, keys.leave(-5, 1000, 5));
    }

    @Test
    void shouldGiveAPageToOneOfTwoGuestsThatWantIt() throws Exception {
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            for (int round = 0; round < 300; round++) {
                CountDownLatch start = new CountDownLatch(2);
                Future<Boolean> one = pool.submit(() -> taken(start, 0, 5));
                Future<Boolean> other = pool.submit(() -> taken(start, 1, 6));
                boolean oneWon = one.get();
                boolean otherWon = other.get();
                assertFalse(oneWon && otherWon);
                checkWinner(oneWon ? 5 : KeyTable.NONE, otherWon ? 6 : KeyTable.NONE);
                keys.leave(0, FRAMES, 5);
                keys.leave(0, FRAMES, 6);
            }
        }
    }

    private boolean taken(CountDownLatch start, long pfn, int asid) throws InterruptedException {
        start.countDown();
        start.await();
        return keys.take(pfn, 16, GFN, asid) == 16;
    }

    /// Pages 1 to 15 are in both runs.
    private void checkWinner(int one, int other) {
        for (long pfn = 1; pfn < 16; pfn++) {
            assertEquals(one + other, keys.key(pfn), "page " + pfn);
        }
        assertEquals(one, keys.key(0));
        assertEquals(other, keys.key(16));
    }
}
