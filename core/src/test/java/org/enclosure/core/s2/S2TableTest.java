package org.enclosure.core.s2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.enclosure.api.Paging;
import org.enclosure.core.mem.Raw;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.S2Format;
import org.enclosure.spi.Status;
import org.junit.jupiter.api.Test;

class S2TableTest {
    private static final long BLOCK = Paging.PAGES_PER_2M;
    private static final long GIB = Paging.PAGES_PER_1G;

    @Test
    void shouldWriteEntriesInTheFormatOfTheArchitecture() {
        try (TableFrames host = new TableFrames(TableFrames.FOUR_LEVELS)) {
            host.topUp(host.cache);
            long gfn = 3 * GIB + 5 * BLOCK + 7;
            assertEquals(Status.OK, host.table.publish(gfn, 0x123, 1, false, host.cache));
            long root = host.memory.address(0);
            long level3 = next(host, root);
            long level2 = next(host, level3 + 3 * 8);
            long level1 = next(host, level2 + 5 * 8);
            assertEquals(0x123_000L | 0b101, Raw.getLong(level1 + 7 * 8));
            assertEquals(Status.OK, host.table.publish(4 * GIB, 0x4_0000, 3, true, host.cache));
            assertEquals(0x4000_0000L | 0b111 | 1 << 7, Raw.getLong(level3 + 4 * 8));
        }
    }

    /// Address of the table that an entry points to.
    private static long next(TableFrames host, long slot) {
        long entry = Raw.getLong(slot);
        assertEquals(0b111, entry & 0xfff, "a table entry is present and writable");
        return host.memory.address(entry >>> 12);
    }

    @Test
    void shouldSayWhatStandsInTheWay() {
        try (TableFrames host = new TableFrames(TableFrames.FOUR_LEVELS)) {
            S2Table table = host.table;
            assertEquals(3, table.framesNeeded());
            assertEquals(Status.needFrames(3), table.publish(0, 1, 1, true, host.cache));
            assertEquals(Status.needFrames(1), table.publish(0, 0, 3, true, host.cache));
            assertEquals(1, table.tableFrames());
            host.topUp(host.cache);
            assertEquals(Status.OK, table.publish(0, 1, 1, false, host.cache));
            assertEquals(Status.SPURIOUS, table.publish(0, 1, 1, false, host.cache));
            assertEquals(Status.of(Status.RETRY), table.publish(0, 2, 1, false, host.cache));
            assertEquals(Status.of(Status.LEVEL, 1, 0), table.publish(0, 0, 2, true, host.cache));
            assertEquals(Status.of(Status.LEVEL, 2, 0), table.publish(0, 0, 3, true, host.cache));
            assertEquals(Status.OK, table.publish(0, 1, 1, true, host.cache), "a leaf becomes writable");
            assertEquals(Leaf.of(1, 1, Leaf.ALL), table.walk(0));
            assertEquals(Status.SPURIOUS, table.publish(0, 1, 1, false, host.cache), "it grants more than is asked");
            assertEquals(Status.OK, table.publish(BLOCK, 5 * BLOCK, 2, true, host.cache));
            assertEquals(Status.SPURIOUS, table.publish(BLOCK + 9, 5 * BLOCK + 9, 1, true, host.cache));
            assertEquals(Status.of(Status.RETRY), table.publish(BLOCK + 9, 5 * BLOCK + 8, 1, true, host.cache));
            assertEquals(4, table.tableFrames());
        }
    }

    @Test
    void shouldFindNothingBeyondTheLimit() {
        try (TableFrames host = new TableFrames(TableFrames.JOINED_ROOTS)) {
            host.topUp(host.cache);
            long limit = host.table.gfnLimit();
            assertEquals(4096L << 18, limit);
            assertEquals(Status.OK, host.table.publish(limit - 1, 9, 1, true, host.cache));
            assertEquals(Leaf.of(9, 1, Leaf.ALL), host.table.walk(limit - 1));
            assertEquals(Leaf.NONE, host.table.walk(limit));
            assertEquals(Leaf.NONE, host.table.walk(-1));
            assertThrows(IndexOutOfBoundsException.class, () -> host.table.publish(limit, 9, 1, true, host.cache));
            assertEquals(1, host.table.unmap(0, Long.MAX_VALUE, host.detached));
            assertEquals(0, host.table.unmap(limit, limit + 1, host.detached));
        }
    }

    @Test
    void shouldKeepDetachedTablesIntactUntilTheyAreFreed() {
        try (TableFrames host = new TableFrames(TableFrames.FOUR_LEVELS)) {
            host.topUp(host.cache);
            for (long gfn = 0; gfn < BLOCK; gfn++) {
                host.table.publish(gfn, 1000 + gfn, 1, true, host.cache);
            }
            assertEquals(3, host.table.unmap(0, 3, host.detached));
            assertEquals(0, host.detached.size(), "the table holds other leaves");
            assertEquals(BLOCK - 3, host.table.unmap(0, BLOCK, host.detached));
            assertEquals(1, host.detached.size());
            long pfn = host.detached.pop();
            assertEquals(1007, Raw.getLong(host.memory.address(pfn) + 7 * 8) >>> 12, "a walker may be in it");
            host.frames.free(pfn, 0);
            assertEquals(3, host.table.tableFrames());
        }
    }

    @Test
    void shouldUnmapAHugeLeafAsAWhole() {
        try (TableFrames host = new TableFrames(TableFrames.FIVE_LEVELS)) {
            host.topUp(host.cache);
            host.table.publish(BLOCK, BLOCK, 2, true, host.cache);
            host.table.publish(GIB, GIB, 3, true, host.cache);
            assertEquals(BLOCK, host.table.unmap(BLOCK + 5, BLOCK + 6, host.detached));
            assertEquals(GIB, host.table.unmap(GIB + 5, GIB + 6, host.detached));
            assertEquals(Leaf.NONE, host.table.walk(BLOCK));
            assertEquals(Leaf.NONE, host.table.walk(GIB));
        }
    }

    @Test
    void shouldSplitAHugeLeafAndKeepWhatItGrants() {
        try (TableFrames host = new TableFrames(TableFrames.FOUR_LEVELS)) {
            assertEquals(Status.SPURIOUS, host.table.splitLeaf(GIB, 3, host.cache), "no leaf there");
            host.topUp(host.cache);
            host.table.publish(GIB, 2 * GIB, 3, false, host.cache);
            host.drain(host.cache);
            assertEquals(Status.needFrames(1), host.table.splitLeaf(GIB + 9, 3, host.cache));
            host.topUp(host.cache);
            assertEquals(Status.SPURIOUS, host.table.splitLeaf(GIB, 2, host.cache), "the leaf is larger");
            assertEquals(Status.OK, host.table.splitLeaf(GIB + 9, 3, host.cache));
            assertEquals(512, host.table.leaves(2));
            assertEquals(Status.OK, host.table.splitLeaf(GIB + BLOCK, 2, host.cache));
            assertEquals(511, host.table.leaves(2));
            assertEquals(512, host.table.leaves(1));
            int granted = Leaf.READ | Leaf.EXECUTE;
            assertEquals(Leaf.of(2 * GIB + BLOCK + 3, 1, granted), host.table.walk(GIB + BLOCK + 3));
            assertEquals(Leaf.of(2 * GIB + 2 * BLOCK, 2, granted), host.table.walk(GIB + 2 * BLOCK + 3));
        }
    }

    @Test
    void shouldRefuseAFormatThatCannotHoldTheFrames() {
        S2Format narrow = new S2Format(4, 512, 1, 2, 4, 0x3ff_f000);
        assertThrows(IllegalArgumentException.class, () -> new TableFrames(narrow));
    }
}
