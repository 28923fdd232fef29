package org.enclosure.core.mem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

/// Nothing in this package allocates on the Java heap once it is built.
class AllocationTest {
    @Test
    void shouldAllocateNothingInSteadyState() {
        assertEquals(0, new AllocationExercise(false).steadyState());
    }

    @Test
    void shouldAllocateNothingInTheInterpreterEither() {
        ForkedJava java = ForkedJava.run(AllocationExercise.class, "--enable-native-access=ALL-UNNAMED", "-Xint");
        assertEquals("allocated 0 bytes\n", java.output());
    }

    @Test
    void shouldNoticeAPlantedAllocation() {
        assertTrue(new AllocationExercise(true).steadyState() > 0);
    }
}
