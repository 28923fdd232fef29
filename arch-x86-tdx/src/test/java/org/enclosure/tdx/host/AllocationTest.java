package org.enclosure.tdx.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;

import org.enclosure.api.Paging;
import org.enclosure.spi.Status;
import org.enclosure.tck.probe.AllocationProbe;
import org.junit.jupiter.api.Test;

/// A page's way into a TD and out again costs no byte of heap.
class AllocationTest {
    private static final int ROUNDS = 20_000;
    private static final int WINDOWS = 10;
    private static final long GFN = 0x200;

    private static void round(BareTd td) {
        td.enter();
        check(td.map(GFN, BareTd.FRAMES, Paging.LEVEL_4K) == Status.OK);
        td.admit(GFN);
        td.accept(GFN, Paging.LEVEL_4K);
        check(td.admit(GFN) > 0);
        check(td.block(GFN, 1) == Status.OK);
        td.leave();
        check(td.flush() == Status.OK);
        check(td.remove(GFN, BareTd.FRAMES, 1) == Status.OK);
    }

    private static void check(boolean holds) {
        if (!holds) {
            throw new AssertionError("a step of the round failed");
        }
    }

    @Test
    void shouldAllocateNothing() {
        try (BareTd td = new BareTd(Map.of())) {
            assertEquals(0, AllocationProbe.least(WINDOWS, ROUNDS, () -> round(td)));
        }
    }
}
