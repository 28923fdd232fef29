package org.enclosure.tck.schedule;

import java.util.Arrays;

/// Numbers long values from 0 on, in the order in which they come.
final class LongIndex {
    private static final int FIRST = 1 << 11;

    private int[] table = new int[FIRST];
    private long[] keys = new long[FIRST / 2];
    private int size;

    /// The number of a value, which gets one if it has none.
    int of(long key) {
        int mask = table.length - 1;
        int at = (int) (key ^ key >>> 32) & mask;
        while (table[at] != 0) {
            if (keys[table[at] - 1] == key) {
                return table[at] - 1;
            }
            at = at + 1 & mask;
        }
        if (size == keys.length) {
            grow();
            return of(key);
        }
        keys[size++] = key;
        table[at] = size;
        return size - 1;
    }

    /// The number of a value, -1 if it has none.
    int find(long key) {
        int mask = table.length - 1;
        int at = (int) (key ^ key >>> 32) & mask;
        while (table[at] != 0) {
            if (keys[table[at] - 1] == key) {
                return table[at] - 1;
            }
            at = at + 1 & mask;
        }
        return -1;
    }

    /// Whether a value has a number.
    boolean holds(long key) {
        return find(key) >= 0;
    }

    private void grow() {
        keys = Arrays.copyOf(keys, 2 * size);
        table = new int[4 * size];
        int mask = table.length - 1;
        for (int i = 0; i < size; i++) {
            int at = (int) (keys[i] ^ keys[i] >>> 32) & mask;
            while (table[at] != 0) {
                at = at + 1 & mask;
            }
            table[at] = i + 1;
        }
    }

    long key(int number) {
        return keys[number];
    }

    int size() {
        return size;
    }

    void clear() {
        Arrays.fill(table, 0);
        size = 0;
    }
}
