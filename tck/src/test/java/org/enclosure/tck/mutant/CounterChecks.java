package org.enclosure.tck.mutant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// The killer, as a JUnit class and as static methods.
class CounterChecks {
    @Test
    void shouldCountInThreesUpToNine() {
        countToNine();
    }

    @Test
    void shouldRefuseIfItIsClosed() {
        Counter counter = new Counter();
        assertThrows(IllegalStateException.class, () -> counter.addIfOpen(false));
        assertEquals(0, counter.count());
    }

    static void countToNine() {
        Counter counter = new Counter();
        for (int i = 1; i <= 5; i++) {
            counter.addIfOpen(true);
            assertEquals(Math.min(3 * i, 9), counter.count());
        }
        assertTrue(counter.isFull());
    }

    /// No test class: nothing to run.
    static final class Empty {
        private Empty() {
        }
    }
}
