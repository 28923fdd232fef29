package org.enclosure.core.attr;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.enclosure.api.Paging;
import org.junit.jupiter.api.Test;

/// One page keeps its kind for an era, while its block becomes mixed and uniform around it. Page bits and value bit that are
/// left over from the era before say the other kind: a reader that sees it has seen stores in the wrong order.
class AttributeRaceTest {
    private static final int BLOCK = (int) Paging.PAGES_PER_2M;
    private static final int WATCHED = 100;
    private static final int ERAS = Integer.getInteger("enclosure.test.eras", 1_000_000);
    private static final int UNSTABLE = 0;

    private final AttributeMap map = new AttributeMap(Paging.PAGES_PER_1G, false);
    /// UNSTABLE, or twice the number of the era and the kind in bit 0.
    private volatile int stable;
    private volatile boolean stop;
    private int wrong;

    @Test
    void shouldKeepAPageConstantWhileItsBlockBecomesMixedAndUniform() throws InterruptedException {
        map.reserve(0, BLOCK);
        Thread reader = new Thread(this::watch);
        reader.start();
        for (int era = 1; era <= ERAS; era++) {
            boolean kind = (era & 1) != 0;
            if ((era & 2) == 0) {
                becomeMixed(era, kind);
            } else {
                becomeUniform(era, kind);
            }
            stable = UNSTABLE;
        }
        stop = true;
        reader.join();
        map.close();
        assertEquals(0, wrong, "wrong answers");
    }

    private void becomeMixed(int era, boolean kind) {
        map.set(0, BLOCK, kind); // the page bit still says the other kind
        stable = 2 * era + (kind ? 1 : 0);
        map.set(300, 301, !kind);
    }

    private void becomeUniform(int era, boolean kind) {
        map.set(0, BLOCK, !kind); // the value bit says the other kind
        map.set(0, 256, kind);
        stable = 2 * era + (kind ? 1 : 0);
        map.set(256, BLOCK, kind);
    }

    private void watch() {
        while (!stop) {
            int before = stable;
            boolean isPrivate = map.isPrivate(WATCHED);
            if (before != UNSTABLE && before == stable && isPrivate != ((before & 1) != 0)) {
                wrong++;
            }
        }
    }
}
