package org.enclosure.core.s2;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;

import org.enclosure.api.Paging;
import org.enclosure.core.mem.FrameList;
import org.enclosure.core.mem.Seeds;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class S2TableRaceTest {
    private static final int PAGES = 40 * 512;
    private static final int ROUNDS = Integer.getInteger("enclosure.test.rounds", 200);

    private final AtomicReference<String> found = new AtomicReference<>("");

    private static long pfnOf(long gfn) {
        return gfn * 7 % (1 << 18);
    }

    @Test
    void shouldPublishEachPageOnceWhenTwoThreadsTry() throws InterruptedException {
        try (TableFrames host = new TableFrames(TableFrames.FOUR_LEVELS)) {
            for (int round = 0; round < ROUNDS / 10; round++) {
                Publisher first = new Publisher(host, 0);
                Publisher second = new Publisher(host, 0);
                first.rival = second;
                second.rival = first;
                first.start();
                second.start();
                first.join();
                second.join();
                assertEquals("", found.get());
                assertEquals(PAGES, first.published + second.published, "pages published");
                assertEquals(PAGES, host.table.leaves(1));
                host.drain(first.cache);
                host.drain(second.cache);
                assertEquals(host.usedFrames(), host.table.tableFrames(), "a table was lost");
                assertEquals(PAGES, host.table.unmap(0, PAGES, host.detached));
                host.detached.freeAll();
            }
        }
    }

    @Test
    void shouldNotDisturbOthersByUnmapping() throws InterruptedException {
        Random random = Seeds.random("shouldNotDisturbOthersByUnmapping");
        try (TableFrames host = new TableFrames(TableFrames.FOUR_LEVELS)) {
            Publisher other = new Publisher(host, PAGES);
            Publisher mine = new Publisher(host, 0);
            other.repeat = true;
            other.start();
            FrameList late = new FrameList(host.frames);
            for (int round = 0; round < ROUNDS && found.get().isEmpty(); round++) {
                mine.publishAll();
                long start = random.nextInt(PAGES);
                host.table.unmap(start, PAGES, host.detached);
                late.freeAll();
                host.detached.appendTo(late); // as after a shootdown: nobody walks there any longer
                for (long gfn = 0; gfn < PAGES; gfn += 97) {
                    long expected = gfn < start ? Leaf.of(pfnOf(gfn), 1, Leaf.ALL) : Leaf.NONE;
                    assertEquals(expected, host.table.walk(gfn));
                }
            }
            other.repeat = false;
            other.join();
            late.freeAll();
            assertEquals("", found.get());
            host.drain(mine.cache);
            host.drain(other.cache);
            assertEquals(host.usedFrames(), host.table.tableFrames(), "a table was lost");
        }
    }

    /// Publishes a range in ascending order and walks what it has published.
    private final class Publisher extends Thread {
        final FrameCache cache = new FrameCache(8);
        private final TableFrames host;
        private final long base;
        private volatile boolean repeat;
        private volatile long position;
        private @Nullable Publisher rival;
        private long published;

        Publisher(TableFrames host, long base) {
            this.host = host;
            this.base = base;
        }

        @Override
        public void run() {
            do {
                publishAll();
            } while (repeat && found.get().isEmpty());
        }

        void publishAll() {
            for (long gfn = base; gfn < base + PAGES; gfn++) {
                host.topUp(cache);
                position = gfn;
                awaitRival(gfn);
                long status = host.table.publish(gfn, pfnOf(gfn), Paging.LEVEL_4K, true, cache);
                published += status == Status.OK ? 1 : 0;
                if (status < 0 || host.table.walk(gfn) != Leaf.of(pfnOf(gfn), 1, Leaf.ALL)) {
                    found.set("gfn 0x" + Long.toHexString(gfn) + ": " + Status.describe(status) + ", leaf 0x"
                            + Long.toHexString(host.table.walk(gfn)));
                    position = Long.MAX_VALUE;
                    return;
                }
            }
            position = Long.MAX_VALUE;
        }

        /// Side by side the two meet at every entry.
        @SuppressWarnings("ThreadPriorityCheck") // a rival that has no core needs one
        private void awaitRival(long gfn) {
            for (int n = 0; rival != null && rival.position < gfn; n++) {
                if (n < 1000) {
                    Thread.onSpinWait();
                } else {
                    Thread.yield();
                }
            }
        }
    }
}
