package org.enclosure.core.s2;

import org.enclosure.core.mem.Raw;

/// Counts what is in an [S2Table] by walking all of it.
final class S2Census {
    private final S2Entries entries;

    S2Census(S2Entries entries) {
        this.entries = entries;
    }

    /// Tables below a table of a level.
    long tables(long table, int level) {
        long count = 0;
        for (long slot = table, end = entries.end(table, level); slot < end && level > 1; slot += Long.BYTES) {
            long entry = Raw.getLongAcquire(slot); // ORDERING: acquire, partner: compareAndSet in S2Table.link
            if (!entries.isEmpty(entry) && !entries.isLeaf(entry, level)) {
                count += 1 + tables(entries.tableOf(entry), level - 1);
            }
        }
        return count;
    }

    /// Leaves of a level in and below a table of a level.
    long leaves(long table, int level, int wanted) {
        long count = 0;
        for (long slot = table, end = entries.end(table, level); slot < end && level >= wanted; slot += Long.BYTES) {
            long entry = Raw.getLongAcquire(slot); // ORDERING: acquire, partner: compareAndSet in S2Table
            if (entries.isEmpty(entry)) {
                continue;
            }
            if (!entries.isLeaf(entry, level)) {
                count += leaves(entries.tableOf(entry), level - 1, wanted);
            } else if (level == wanted) {
                count++;
            }
        }
        return count;
    }
}
