package org.enclosure.tck.schedule;

/// What a step touches.
final class Footprint {
    private final long[] words;
    private final boolean[] writes;

    private Footprint(long[] words, boolean[] writes) {
        this.words = words;
        this.writes = writes;
    }

    static Footprint of(StepLog log, int step) {
        int start = log.footprintStart(step);
        int size = log.footprintEnd(step) - start;
        long[] words = new long[size];
        boolean[] writes = new boolean[size];
        for (int i = 0; i < size; i++) {
            words[i] = log.word(start + i);
            writes[i] = log.isWrite(start + i);
        }
        return new Footprint(words, writes);
    }

    /// Whether the order of the two steps matters.
    boolean conflicts(StepLog log, int step) {
        for (int at = log.footprintStart(step); at < log.footprintEnd(step); at++) {
            long word = log.word(at);
            for (int i = 0; i < words.length; i++) {
                if (words[i] == word && (writes[i] || log.isWrite(at))) {
                    return true;
                }
            }
        }
        return false;
    }
}
