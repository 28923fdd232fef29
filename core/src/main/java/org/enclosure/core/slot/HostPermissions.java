package org.enclosure.core.slot;

import java.util.Arrays;

import org.jspecify.annotations.Nullable;

/// What one mapping permits for which pages of its object. Almost always everything: then there is nothing but a null.
///
/// Read by faults after their snapshot, written inside of an invalidation of all who may have translations, under the
/// object's lock.
public final class HostPermissions {
    /// The page is not mapped any more.
    public static final int UNMAPPED = -1;
    /// No access.
    public static final int NONE = 0;
    /// Bit: reads.
    public static final int READ = 1;
    /// Bit: writes.
    public static final int WRITE = 2;
    /// All access.
    public static final int ALL = READ | WRITE;

    /// Stretches in order: each goes from its start to that of the next.
    private static final class Stretches {
        final long[] starts;
        final int[] bits;

        Stretches(long[] starts, int[] bits) {
            this.starts = starts;
            this.bits = bits;
        }
    }

    private volatile @Nullable Stretches stretches;

    /// Permissions that permit everything.
    public HostPermissions() {
    }

    /// The same permissions once more.
    public HostPermissions copy() {
        HostPermissions copy = new HostPermissions();
        copy.stretches = stretches;
        return copy;
    }

    /// Whether there is a page for which something is not permitted, or once was one.
    public boolean isRestricted() {
        return stretches != null;
    }

    /// What is permitted for a page of the object: bits, or [#UNMAPPED]. Allocates nothing.
    public int of(long page) {
        Stretches now = stretches;
        if (now == null) {
            return ALL;
        }
        int index = Arrays.binarySearch(now.starts, page);
        return now.bits[index >= 0 ? index : -index - 2];
    }

    /// Whether a page of `[start, end)` is unmapped.
    public boolean hasUnmapped(long start, long end) {
        Stretches now = stretches;
        for (int i = 0; now != null && i < now.starts.length && now.starts[i] < end; i++) {
            boolean reaches = i + 1 == now.starts.length || now.starts[i + 1] > start;
            if (reaches && now.bits[i] == UNMAPPED) {
                return true;
            }
        }
        return false;
    }

    /// Changes `[start, end)`.
    public void set(long start, long end, int bits) {
        Stretches now = stretches;
        long[] starts = now == null ? new long[] {Long.MIN_VALUE} : now.starts;
        int[] old = now == null ? new int[] {ALL} : now.bits;
        long[] newStarts = new long[starts.length + 2];
        int[] newBits = new int[starts.length + 2];
        int size = 0;
        for (int i = 0; i < starts.length && starts[i] < start; i++) {
            size = add(newStarts, newBits, size, starts[i], old[i]);
        }
        int after = of(end);
        size = add(newStarts, newBits, size, start, bits);
        size = add(newStarts, newBits, size, end, after);
        for (int i = 0; i < starts.length; i++) {
            if (starts[i] > end) {
                size = add(newStarts, newBits, size, starts[i], old[i]);
            }
        }
        stretches = new Stretches(Arrays.copyOf(newStarts, size), Arrays.copyOf(newBits, size));
    }

    private static int add(long[] starts, int[] bits, int size, long start, int value) {
        if (size > 0 && bits[size - 1] == value) {
            return size;
        }
        starts[size] = start;
        bits[size] = value;
        return size + 1;
    }
}
