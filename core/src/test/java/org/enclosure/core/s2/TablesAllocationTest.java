package org.enclosure.core.s2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.enclosure.core.mem.ForkedJava;
import org.junit.jupiter.api.Test;

/// The three tables of the fault path allocate nothing on the Java heap once they are built.
class TablesAllocationTest {
    @Test
    void shouldAllocateNothingInSteadyState() {
        assertEquals(0, new TablesAllocationExercise().steadyState());
    }

    @Test
    void shouldAllocateNothingInTheInterpreterEither() {
        ForkedJava java = ForkedJava.run(TablesAllocationExercise.class, "--enable-native-access=ALL-UNNAMED", "-Xint");
        assertEquals("allocated 0 bytes\n", java.output());
    }
}
