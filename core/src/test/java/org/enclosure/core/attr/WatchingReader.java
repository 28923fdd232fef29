package org.enclosure.core.attr;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.enclosure.api.Paging;

/// Reads pages that nobody changes, while others around them change.
final class WatchingReader extends Thread {
    private final AttributeMap map;
    private final long privatePage;
    private final long sharedPage;
    private final int blocks;
    private volatile boolean stop;
    private long wrong;
    private long rounds;

    /// Watches page 100 (private) and 300 (shared) of the first 8 blocks.
    WatchingReader(AttributeMap map) {
        this(map, 100, 300, 8);
    }

    WatchingReader(AttributeMap map, long privatePage, long sharedPage) {
        this(map, privatePage, sharedPage, 1);
    }

    private WatchingReader(AttributeMap map, long privatePage, long sharedPage, int blocks) {
        this.map = map;
        this.privatePage = privatePage;
        this.sharedPage = sharedPage;
        this.blocks = blocks;
    }

    @Override
    public void run() {
        do {
            for (long block = 0; block < blocks; block++) {
                long first = block * Paging.PAGES_PER_2M;
                if (!map.isPrivate(first + privatePage) || map.isPrivate(first + sharedPage)
                        || map.isUniform(first + privatePage, Paging.LEVEL_2M)) {
                    wrong++;
                }
            }
            rounds++;
        } while (!stop);
    }

    void finish() throws InterruptedException {
        stop = true;
        join();
        assertEquals(0, wrong, "of " + rounds + " rounds");
    }
}
