package org.enclosure.core.attr;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.Random;

import org.enclosure.api.Paging;
import org.enclosure.core.mem.CommittedTables;
import org.enclosure.core.mem.Seeds;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AttributeMapTest {
    private static final int BLOCK = (int) Paging.PAGES_PER_2M;
    private static final int GIB = (int) Paging.PAGES_PER_1G;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void shouldAnswerLikeABitSet(boolean initiallyPrivate) {
        Random random = Seeds.random("shouldAnswerLikeABitSet");
        int pages = 2 * GIB + 5 * BLOCK + 77;
        BitSet model = new BitSet(pages);
        model.set(0, pages, initiallyPrivate);
        try (AttributeMap map = new AttributeMap(pages, initiallyPrivate)) {
            for (int i = 0; i < 4000; i++) {
                int start = edge(random, pages);
                int end = edge(random, pages);
                boolean isPrivate = random.nextBoolean();
                if (start > end) {
                    int swap = start;
                    start = end;
                    end = swap;
                }
                map.reserve(start, end);
                map.set(start, end, isPrivate);
                model.set(start, end, isPrivate);
                compareAround(map, model, start, pages);
                compareAround(map, model, end, pages);
                compareAround(map, model, edge(random, pages), pages);
                if (i % 100 == 0) {
                    assertEquals(model.cardinality(), map.privatePages());
                }
            }
            for (int page = 0; page < pages; page++) {
                assertEquals(model.get(page), map.isPrivate(page), () -> "some page");
            }
        }
    }

    /// Ends of ranges crowd at the places where words, blocks and chunks begin.
    private static int edge(Random random, int pages) {
        int unit = switch (random.nextInt(4)) {
            case 0 -> 64;
            case 1 -> BLOCK;
            case 2 -> 64 * BLOCK;
            default -> GIB;
        };
        int near = random.nextInt(4) == 0 ? random.nextInt(pages) : random.nextInt(pages / unit + 1) * unit;
        int at = near + (random.nextBoolean() ? 0 : random.nextInt(2 * 600) - 600);
        return random.nextInt(10) == 0 ? pages : Math.clamp(at, 0, pages);
    }

    private static void compareAround(AttributeMap map, BitSet model, int at, int pages) {
        for (int page = Math.max(0, at - 3); page < Math.min(pages, at + 3); page++) {
            boolean isPrivate = model.get(page);
            assertEquals(isPrivate, map.isPrivate(page));
            int end = isPrivate ? model.nextClearBit(page) : model.nextSetBit(page);
            end = end < 0 || end > pages ? pages : end;
            assertEquals(end, map.runEnd(page, pages), "end of the run from " + page);
            assertEquals(Math.min(end, page + 700), map.runEnd(page, Math.min(pages, page + 700)));
            assertTrue(map.isUniform(page, end, isPrivate));
            assertFalse(map.isUniform(page, end, !isPrivate));
            assertFalse(end < pages && map.isUniform(page, end + 1, isPrivate));
            for (int level = 1; level <= 3; level++) {
                int first = (int) Paging.floor(page, level);
                int last = Math.min(pages, first + (int) Paging.pages(level));
                int private_ = model.get(first, last).cardinality();
                assertEquals(private_ == 0 || private_ == last - first, map.isUniform(page, level),
                        "level " + level + " around " + page);
            }
        }
    }

    @Test
    void shouldHoldTheLargestStore() {
        long pages = 0x7fff_ffff_ffff_f000L >>> 12;
        try (AttributeMap map = new AttributeMap(pages, false)) {
            long middle = pages / 2;
            map.set(pages - 1, pages, true);
            map.set(middle, middle + GIB, true);
            assertTrue(map.isPrivate(pages - 1));
            assertFalse(map.isPrivate(pages - 2));
            assertEquals(GIB + 1, map.privatePages());
            assertEquals(middle, map.runEnd(0, pages));
            assertEquals(middle + GIB, map.runEnd(middle, pages));
            assertEquals(pages - 1, map.runEnd(middle + GIB, pages));
        }
    }

    @Test
    void shouldConvertAGibWithoutTouchingPageBits() {
        try (AttributeMap map = new AttributeMap(4096L * GIB, false)) {
            map.reserve(0, map.pages());
            long before = CommittedTables.bytes();
            for (long chunk = 0; chunk < 1024; chunk++) {
                map.set(chunk * GIB, (chunk + 1) * GIB, true);
            }
            assertTrue(CommittedTables.bytes() - before <= 1024 * 128 + 4096);
            map.set(5, 6, false);
            map.set(3 * GIB + 7, 3 * GIB + 8, false);
            assertTrue(CommittedTables.bytes() - before <= 1024 * 128 + 3 * 4096);
        }
    }

    @Test
    void shouldNeverShowAReaderAWrongKindOutsideOfTheRange() throws InterruptedException {
        Random random = Seeds.random("shouldNeverShowAReaderAWrongKindOutsideOfTheRange");
        try (AttributeMap map = new AttributeMap(8 * BLOCK, false)) {
            // the writer owns blocks 0 to 7 but for the pages 100 mod 512, private, and 300 mod 512, shared
            for (int block = 0; block < 8; block++) {
                map.set(block * BLOCK + 100, block * BLOCK + 101, true);
            }
            WatchingReader reader = new WatchingReader(map);
            reader.start();
            for (int i = 0; i < 150_000; i++) {
                int block = random.nextInt(8) * BLOCK;
                boolean isPrivate = random.nextBoolean();
                map.set(block, block + 100, isPrivate);
                map.set(block + 101, block + 300, isPrivate);
                map.set(block + 301, block + BLOCK, isPrivate);
            }
            reader.finish();
        }
    }

    @Test
    void shouldKeepABlockConstantWhileItsNeighboursBecomeMixedAndUniform() throws InterruptedException {
        try (AttributeMap map = new AttributeMap(2 * GIB, false)) {
            // block 1 keeps a private page 100, all of its word of blocks changes
            map.set(BLOCK + 100, BLOCK + 101, true);
            WatchingReader reader = new WatchingReader(map, BLOCK + 100, BLOCK + 300);
            reader.start();
            for (int i = 0; i < 150_000; i++) {
                map.set(0, BLOCK, (i & 1) == 0);
                map.set(2 * BLOCK, 64 * BLOCK, (i & 1) == 0);
                map.set(2 * BLOCK + 7, 2 * BLOCK + 9, (i & 1) != 0);
            }
            reader.finish();
        }
    }

    @Test
    void shouldRefusePagesOutsideTheMap() {
        try (AttributeMap map = new AttributeMap(1000, true)) {
            assertThrows(IndexOutOfBoundsException.class, () -> map.isPrivate(1000));
            assertThrows(IndexOutOfBoundsException.class, () -> map.isPrivate(-1));
            assertThrows(IndexOutOfBoundsException.class, () -> map.set(0, 1001, true));
            assertThrows(IndexOutOfBoundsException.class, () -> map.isUniform(1000, 2));
        }
        assertThrows(IllegalArgumentException.class, () -> new AttributeMap(0, true));
        assertThrows(IllegalArgumentException.class, () -> new AttributeMap((1L << 51) + 1, true));
    }
}
