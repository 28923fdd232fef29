package org.enclosure.tck.schedule;

import java.util.Arrays;

/// Which thread has read or written which word in any run of a race, and at the latest at which of its steps.
///
/// It only grows; who has left something out because of it asks by [#growth()] whether that was right.
final class KnownWords {
    private static final int FIRST = 1 << 12;

    private final int threads;
    private final LongIndex words = new LongIndex();
    /// For each word and thread: the last step that read it, and the last that wrote it; counted from 1 on, 0 for none.
    private int[] last;
    private long growth;

    KnownWords(int threads) {
        this.threads = threads;
        last = new int[FIRST * 2 * threads];
    }

    /// Changes whenever two steps that nobody knew of may conflict.
    long growth() {
        return growth;
    }

    /// Takes over what the steps of a run have touched.
    void add(StepLog log) {
        int[] made = new int[threads];
        for (int step = 0; step < log.steps(); step++) {
            int thread = log.thread(step);
            made[thread]++;
            for (int at = log.footprintStart(step); at < log.footprintEnd(step); at++) {
                add(log.word(at), thread, log.isWrite(at), made[thread]);
            }
        }
    }

    private void add(long name, int thread, boolean isWrite, int step) {
        int word = words.of(name) * 2 * threads;
        if (word >= last.length) {
            last = Arrays.copyOf(last, 2 * last.length);
        }
        int at = word + 2 * thread + (isWrite ? 1 : 0);
        if (last[at] < step) {
            last[at] = step;
            if (isOthers(word, thread, isWrite)) {
                growth++;
            }
        }
    }

    private boolean isOthers(int word, int thread, boolean isWrite) {
        for (int other = 0; other < threads; other++) {
            if (other != thread && (last[word + 2 * other + 1] > 0 || isWrite && last[word + 2 * other] > 0)) {
                return true;
            }
        }
        return false;
    }

    /// Whether a step may conflict with one that another thread has still to make.
    ///
    /// @param made how many steps each thread has made
    boolean mayConflict(StepLog log, int step, int[] made) {
        for (int at = log.footprintStart(step); at < log.footprintEnd(step); at++) {
            int word = words.find(log.word(at)) * 2 * threads;
            for (int other = 0; word >= 0 && other < threads; other++) {
                if (other != log.thread(step) && (last[word + 2 * other + 1] > made[other]
                        || log.isWrite(at) && last[word + 2 * other] > made[other])) {
                    return true;
                }
            }
        }
        return false;
    }
}
