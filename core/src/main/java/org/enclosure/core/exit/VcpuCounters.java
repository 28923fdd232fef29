package org.enclosure.core.exit;

import java.util.Locale;
import java.util.Map;

import org.enclosure.api.exit.ExitReason;

/// What one vCPU counts: plain words of an array that only the vCPU writes, with a cache line of room at both ends. A reader
/// may see counts that are a few events old.
public final class VcpuCounters {
    /// A fault that installed a translation.
    public static final int FIXED = 0;
    /// A fault that somebody else had resolved.
    public static final int SPURIOUS = 1;
    /// A fault that has to be tried again.
    public static final int RETRY = 2;
    /// A fault that became an exit.
    public static final int EXIT = 3;

    private static final String[] FAULT_NAMES = {"fixed", "spurious", "retry", "exit"};
    private static final ExitReason[] REASONS = ExitReason.values();
    private static final int PADDING = 16;
    private static final int FIRST_EXIT = PADDING + FAULT_NAMES.length;

    private final long[] counts = new long[FIRST_EXIT + REASONS.length + PADDING];

    /// Creates counters at 0.
    public VcpuCounters() {
    }

    /// Counts a fault by its outcome.
    public void fault(int outcome) {
        counts[PADDING + outcome]++;
    }

    /// Counts an exit.
    @SuppressWarnings("EnumOrdinal") // an index into this array alone
    public void exit(ExitReason reason) {
        counts[FIRST_EXIT + reason.ordinal()]++;
    }

    /// Adds the counts of faults to a map, by name.
    public void addFaults(Map<String, Long> into) {
        for (int i = 0; i < FAULT_NAMES.length; i++) {
            into.merge(FAULT_NAMES[i], counts[PADDING + i], Long::sum);
        }
    }

    /// Adds the counts of exits that happened to a map, by name.
    public void addExits(Map<String, Long> into) {
        for (int i = 0; i < REASONS.length; i++) {
            long count = counts[FIRST_EXIT + i];
            if (count != 0) {
                into.merge(REASONS[i].name().toLowerCase(Locale.ROOT), count, Long::sum);
            }
        }
    }
}
