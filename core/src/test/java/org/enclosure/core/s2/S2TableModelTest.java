package org.enclosure.core.s2;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

import org.enclosure.api.Paging;
import org.enclosure.core.mem.Seeds;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.S2Format;
import org.enclosure.spi.Status;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Random calls on an [S2Table] and on a map of its leaves by first gfn, compared after each.
class S2TableModelTest {
    private static final int STEPS = 20_000;

    private final TreeMap<Long, Long> leaves = new TreeMap<>();
    private final Set<Table> tables = new HashSet<>();
    private int topLevel;
    private int rootOrder;
    private Random random = new Random();

    static Stream<S2Format> formats() {
        return Stream.of(TableFrames.FOUR_LEVELS, TableFrames.FIVE_LEVELS, TableFrames.JOINED_ROOTS);
    }

    @ParameterizedTest
    @MethodSource("formats")
    void shouldTranslateAsTheModelDoes(S2Format format) {
        topLevel = format.topLevel();
        rootOrder = format.rootOrder();
        random = Seeds.random("S2TableModelTest");
        try (TableFrames host = new TableFrames(format)) {
            for (int i = 0; i < STEPS; i++) {
                host.topUp(host.cache);
                step(host);
                for (int k = 0; k < 4; k++) {
                    long gfn = gfn(host.table, 1);
                    assertEquals(expected(gfn), host.table.walk(gfn), () -> "gfn 0x" + Long.toHexString(gfn));
                }
                if (i % 1000 == 0) {
                    compareAll(host);
                }
            }
            compareAll(host);
        }
    }

    private void step(TableFrames host) {
        int kind = random.nextInt(20);
        if (kind == 0) {
            unmap(host);
        } else if (kind < 3) {
            split(host);
        } else {
            publish(host);
        }
    }

    /// A few places far apart, crowded.
    private long gfn(S2Table table, int level) {
        long place = switch (random.nextInt(3)) {
            case 0 -> 0;
            case 1 -> table.gfnLimit() / 2;
            default -> table.gfnLimit() - 4 * Paging.PAGES_PER_1G;
        };
        long blocks = random.nextBoolean() ? random.nextInt(4) : random.nextInt(4 * 512);
        long page = random.nextInt(4) == 0 ? random.nextInt(512) : random.nextInt(4);
        return Paging.floor(place + blocks * Paging.PAGES_PER_2M + page, level);
    }

    private void publish(TableFrames host) {
        int level = random.nextInt(10) == 0 ? 2 + random.nextInt(2) : 1;
        long gfn = gfn(host.table, level);
        long pfn = Paging.floor(random.nextInt(1 << 19), level);
        boolean isWritable = random.nextBoolean();
        long covering = covering(gfn);
        if (covering >= 0 && random.nextBoolean()) {
            pfn = Leaf.pfn(leaf(covering), gfn) & -Paging.pages(level);
        }
        long status = host.table.publish(gfn, pfn, level, isWritable, host.cache);
        assertEquals(expectedStatus(gfn, pfn, level, isWritable, covering), status, () -> Status.describe(status));
        if (status == Status.OK) {
            long first = covering < 0 ? gfn : covering;
            long leaf = covering < 0 ? Leaf.of(pfn, level, 0) : leaf(covering);
            for (int at = level; at < topLevel && covering < 0; at++) {
                tables.add(Table.of(at, gfn));
            }
            leaves.put(first, leaf | Leaf.READ | Leaf.EXECUTE | (isWritable ? Leaf.WRITE : 0));
        }
    }

    private long expectedStatus(long gfn, long pfn, int level, boolean isWritable,
            long covering) {
        if (covering >= 0) {
            long leaf = leaf(covering);
            if (Leaf.level(leaf) < level) {
                return Status.of(Status.LEVEL, level - 1, 0);
            }
            boolean isSame = Leaf.pfn(leaf, gfn) == pfn;
            boolean grants = !isWritable || (leaf & Leaf.WRITE) != 0;
            return isSame ? grants ? Status.SPURIOUS : Status.OK : Status.of(Status.RETRY);
        }
        if (level > 1 && tables.contains(Table.of(level - 1, gfn))) {
            return Status.of(Status.LEVEL, level - 1, 0);
        }
        return Status.OK;
    }

    /// A table of `level` for the block of the next larger level around a gfn.
    private record Table(int level, long first) {
        static Table of(int level, long gfn) {
            return new Table(level, Paging.floor(gfn, level + 1));
        }

        boolean liesIn(long start, long end) {
            return first >= start && first + Paging.pages(level + 1) <= end;
        }
    }

    /// The first gfn of the leaf that maps a gfn, or -1.
    private long covering(long gfn) {
        Map.Entry<Long, Long> entry = leaves.floorEntry(gfn);
        if (entry == null) {
            return -1;
        }
        long first = entry.getKey();
        return gfn < first + Paging.pages(Leaf.level(entry.getValue())) ? first : -1;
    }

    private long leaf(long first) {
        return leaves.getOrDefault(first, Leaf.NONE);
    }

    private long expected(long gfn) {
        long covering = covering(gfn);
        return covering < 0 ? Leaf.NONE : leaf(covering);
    }

    private void split(TableFrames host) {
        int level = 2 + random.nextInt(2);
        long gfn = gfn(host.table, 1);
        long covering = covering(gfn);
        boolean isThere = covering >= 0 && Leaf.level(leaf(covering)) == level;
        assertEquals(isThere ? Status.OK : Status.SPURIOUS, host.table.splitLeaf(gfn, level, host.cache));
        if (isThere) {
            long leaf = leaf(covering);
            leaves.remove(covering);
            tables.add(Table.of(level - 1, gfn));
            for (long at = covering; at < covering + Paging.pages(level); at += Paging.pages(level - 1)) {
                leaves.put(at, Leaf.of(Leaf.pfn(leaf, at), level - 1, Leaf.permissions(leaf)));
            }
        }
    }

    private void unmap(TableFrames host) {
        long start = gfn(host.table, 1);
        long end = switch (random.nextInt(4)) {
            case 0 -> start + 1 + random.nextInt(5);
            case 1 -> Paging.ceil(start + 1, 2);
            case 2 -> Paging.ceil(start + 1, 3);
            default -> Math.max(start, gfn(host.table, 1)) + 1;
        };
        long pages = 0;
        long first = covering(start);
        var range = leaves.subMap(first < 0 ? start : first, end);
        for (long leaf : range.values()) {
            pages += Paging.pages(Leaf.level(leaf));
        }
        range.clear();
        tables.removeIf(table -> table.liesIn(start, end));
        assertEquals(pages, host.table.unmap(start, end, host.detached));
        host.detached.freeAll();
    }

    private void compareAll(TableFrames host) {
        for (int level = 1; level <= 3; level++) {
            int wanted = level;
            assertEquals(leaves.values().stream().filter(leaf -> Leaf.level(leaf) == wanted).count(),
                    host.table.leaves(level));
        }
        assertEquals(host.usedFrames(), host.table.tableFrames());
        assertEquals(tables.size(), host.table.tableFrames() - (1L << rootOrder));
        leaves.forEach((gfn, leaf) -> assertEquals(leaf, host.table.walk(gfn)));
        assertTrue(host.detached.isEmpty());
    }
}
