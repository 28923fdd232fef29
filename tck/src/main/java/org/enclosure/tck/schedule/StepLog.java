package org.enclosure.tck.schedule;

import java.util.Arrays;

/// What the steps of one run have touched, in the order in which they were made.
///
/// A step is what a thread does from one yield point (or from its start, or from a wait) to the next. Two steps of different threads
/// conflict if they touch the same word and one of them writes it; all others may change places and nothing else changes. The hash
/// of a prefix is therefore made of the order of conflicting steps alone: of each step's hash, which is made of its thread's
/// step before, of the last writers of the words it reads, and of the last writers and their readers of those it writes.
final class StepLog {
    private static final int FIRST = 512;

    private final Names names;
    private final LongIndex words = new LongIndex();
    private long[] lastWrite = new long[FIRST];
    private long[] readers = new long[FIRST];
    /// The step that touched a word last, times two, plus one if it wrote it.
    private int[] touched = new int[FIRST];

    private final long[] threads;
    private final int[] made;

    private int open = -1;
    private int steps;
    private byte[] stepThread = new byte[FIRST];
    private int[] stepPoint = new int[FIRST];
    private int[] stepStart = new int[FIRST];
    private int[] footprints = new int[8 * FIRST];
    private int end;

    private int points;
    private long[] pointPrefix = new long[FIRST];
    private int[] pointSteps = new int[FIRST];
    private final int[] finished;

    StepLog(Names names, int threads) {
        this.names = names;
        this.threads = new long[threads];
        made = new int[threads];
        finished = new int[threads];
        Arrays.fill(finished, Integer.MAX_VALUE);
    }

    Names names() {
        return names;
    }

    // ---- what the run notes ---------------------------------------------------------------------------------------------

    /// A thread goes on, or starts.
    ///
    /// @param point the yield point that the step begins with, 0 for none
    void open(int thread, int point) {
        if (steps == stepThread.length) {
            stepThread = Arrays.copyOf(stepThread, 2 * steps);
            stepPoint = Arrays.copyOf(stepPoint, 2 * steps);
            stepStart = Arrays.copyOf(stepStart, 2 * steps);
        }
        open = steps;
        stepThread[steps] = (byte) thread;
        stepPoint[steps] = point;
        stepStart[steps] = end;
    }

    void touch(long name, boolean isWrite) {
        int word = words.of(name);
        if (word >= touched.length) {
            lastWrite = Arrays.copyOf(lastWrite, 2 * touched.length);
            readers = Arrays.copyOf(readers, 2 * touched.length);
            touched = Arrays.copyOf(touched, 2 * touched.length);
        }
        int read = steps + 1 << 1;
        if (touched[word] < read) {
            if (end == footprints.length) {
                footprints = Arrays.copyOf(footprints, 2 * end);
            }
            footprints[end++] = word;
            touched[word] = read;
        }
        if (isWrite) {
            touched[word] = read | 1;
        }
    }

    /// The step of the thread that goes on is over.
    void close() {
        if (open < 0) {
            return;
        }
        int thread = stepThread[open];
        long hash = Names.mix(threads[thread], thread + 1);
        int start = stepStart[open];
        for (int i = start; i < end; i++) {
            int word = footprints[i];
            boolean isWrite = (touched[word] & 1) != 0;
            long seen = isWrite ? Names.mix(lastWrite[word], readers[word] ^ 1) : lastWrite[word];
            hash += Names.mix(words.key(word), seen);
            footprints[i] = word << 1 | touched[word] & 1;
        }
        hash = Names.mix(hash, made[thread]++);
        for (int i = start; i < end; i++) {
            int word = footprints[i] >>> 1;
            if ((footprints[i] & 1) != 0) {
                lastWrite[word] = hash;
                readers[word] = 0;
            } else {
                readers[word] += Names.mix(hash, 7);
            }
        }
        threads[thread] = hash;
        steps++;
        open = -1;
    }

    /// A yield point was reached, and the step before it is over.
    void point() {
        if (points == pointPrefix.length) {
            pointPrefix = Arrays.copyOf(pointPrefix, 2 * points);
            pointSteps = Arrays.copyOf(pointSteps, 2 * points);
        }
        pointPrefix[points] = hash();
        pointSteps[points++] = steps;
    }

    /// A thread is done.
    void finish(int thread) {
        finished[thread] = steps;
    }

    /// The hash of all steps that are over.
    long hash() {
        long sum = 0;
        for (int i = 0; i < threads.length; i++) {
            sum += Names.mix(threads[i], i);
        }
        return sum;
    }

    // ---- what the search asks -------------------------------------------------------------------------------------------

    int threads() {
        return threads.length;
    }

    int steps() {
        return steps;
    }

    /// The thread that made a step.
    int thread(int step) {
        return stepThread[step];
    }

    /// The point that a step begins with, 0 for none.
    int point(int step) {
        return stepPoint[step];
    }

    /// How many steps were over at a point.
    int stepsAt(int point) {
        return pointSteps[point - 1];
    }

    /// The hash of what was before a point.
    long prefix(int point) {
        return pointPrefix[point - 1];
    }

    /// Whether a thread was done before a step.
    boolean isDone(int thread, int step) {
        return finished[thread] <= step;
    }

    int footprintStart(int step) {
        return stepStart[step];
    }

    int footprintEnd(int step) {
        return step + 1 < steps ? stepStart[step + 1] : end;
    }

    /// The name of a word that a step has touched.
    long word(int at) {
        return words.key(footprints[at] >>> 1);
    }

    boolean isWrite(int at) {
        return (footprints[at] & 1) != 0;
    }
}
