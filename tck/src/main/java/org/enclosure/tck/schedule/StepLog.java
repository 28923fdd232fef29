package org.enclosure.tck.schedule;

import java.util.Arrays;

/// What the steps of one run have touched, in the order in which they were made.
///
/// A step is what a thread does from one yield point (or from its start, or from a wait) to the next. Two steps of different threads
/// conflict if they touch the same word and one of them writes it; all others may change places and nothing else changes. The hash
/// of a prefix is therefore made of the order of conflicting steps alone: of each step's hash, which is made of its thread's
/// step before, of the last writers of the words it reads, and of the last writers and their readers of those it writes. How often
/// a thread looks again while it waits does not count.
final class StepLog {
    private static final int FIRST = 512;
    private static final int TOUCHED = 2;

    private final Names names;
    private final LongIndex words = new LongIndex();
    private long[] lastWrite = new long[FIRST];
    private long[] readers = new long[FIRST];
    /// Which words the open step has touched: [#TOUCHED], plus one if it wrote it.
    private int[] touched = new int[FIRST];

    private final long[] threads;
    private final int[] made;

    private final long[] lastWait;
    private int open = -1;
    private int openLabel;
    private int steps;
    private byte[] stepThread = new byte[FIRST];
    private int[] stepStart = new int[FIRST];
    private int[] footprints = new int[8 * FIRST];
    private int end;

    private int points;
    private long[] pointPrefix = new long[FIRST];
    private int[] pointSteps = new int[FIRST];
    /// For a choice the thread that chooses, and the one that it chooses by itself; 0 for all other points.
    private byte[] choices = new byte[FIRST];
    private final int[] finished;

    StepLog(Names names, int threads) {
        this.names = names;
        this.threads = new long[threads];
        made = new int[threads];
        lastWait = new long[threads];
        finished = new int[threads];
        Arrays.fill(finished, Integer.MAX_VALUE);
    }

    Names names() {
        return names;
    }

    // ---- what the run notes ---------------------------------------------------------------------------------------------

    /// A thread goes on, or starts.
    ///
    /// @param label tells where in the code it is, 0 behind a wait
    void open(int thread, int label) {
        if (steps == stepThread.length) {
            stepThread = Arrays.copyOf(stepThread, 2 * steps);
            stepStart = Arrays.copyOf(stepStart, 2 * steps);
        }
        open = steps;
        openLabel = label;
        stepThread[steps] = (byte) thread;
        stepStart[steps] = end;
    }

    void touch(long name, boolean isWrite) {
        if (names.isInConstants()) {
            return;
        }
        int word = words.of(name);
        if (word >= touched.length) {
            lastWrite = Arrays.copyOf(lastWrite, 2 * touched.length);
            readers = Arrays.copyOf(readers, 2 * touched.length);
            touched = Arrays.copyOf(touched, 2 * touched.length);
        }
        if (touched[word] == 0) {
            if (end == footprints.length) {
                footprints = Arrays.copyOf(footprints, 2 * end);
            }
            footprints[end++] = word;
            touched[word] = TOUCHED;
        }
        if (isWrite) {
            touched[word] = TOUCHED | 1;
        }
    }

    /// The step of the thread that goes on is over.
    ///
    /// @param waits whether it ends with a wait
    /// @return whether the thread only waits: it has done, and seen, the same as in its step before; that is no step
    boolean close(boolean waits) {
        if (open < 0) {
            return false;
        }
        int thread = stepThread[open];
        int start = stepStart[open];
        open = -1;
        long content = content(start);
        boolean onlyReads = onlyReads(start);
        if (waits && onlyReads && content == lastWait[thread]) {
            end = start;
            return true;
        }
        lastWait[thread] = waits && onlyReads ? content : 0;
        threads[thread] = Names.mix(Names.mix(threads[thread], thread + 1) + content, made[thread]++);
        publish(start, threads[thread]);
        steps++;
        return false;
    }

    /// What was touched, and who had written it.
    private long content(int start) {
        long sum = openLabel;
        for (int i = start; i < end; i++) {
            int word = footprints[i];
            boolean isWrite = (touched[word] & 1) != 0;
            long seen = isWrite ? Names.mix(lastWrite[word], readers[word] ^ 1) : lastWrite[word];
            sum += Names.mix(words.key(word), seen);
            footprints[i] = word << 1 | touched[word] & 1;
            touched[word] = 0;
        }
        return sum;
    }

    private boolean onlyReads(int start) {
        for (int i = start; i < end; i++) {
            if ((footprints[i] & 1) != 0) {
                return false;
            }
        }
        return true;
    }

    private void publish(int start, long hash) {
        for (int i = start; i < end; i++) {
            int word = footprints[i] >>> 1;
            if ((footprints[i] & 1) != 0) {
                lastWrite[word] = hash;
                readers[word] = 0;
            } else {
                readers[word] += Names.mix(hash, 7);
            }
        }
    }

    /// A yield point was reached, and the step before it is over.
    void point() {
        if (points == pointPrefix.length) {
            pointPrefix = Arrays.copyOf(pointPrefix, 2 * points);
            pointSteps = Arrays.copyOf(pointSteps, 2 * points);
            choices = Arrays.copyOf(choices, 2 * points);
        }
        pointPrefix[points] = hash();
        pointSteps[points++] = steps;
    }

    /// The last point was none before a step: a thread has ended or waits, and several can go on.
    ///
    /// @param cost what it costs that another one goes on than `first`, in preemptions
    void choice(int thread, int first, int cost) {
        choices[points - 1] = (byte) (1 << 6 | cost << 5 | thread << 3 | first);
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

    int points() {
        return points;
    }

    /// How many preemptions a plan needs to let another thread go on at a point.
    int cost(int point) {
        return isChoice(point) ? choices[point - 1] >>> 5 & 1 : 1;
    }

    /// Whether the thread that reached a point could not go on.
    boolean isChoice(int point) {
        return choices[point - 1] != 0;
    }

    /// The thread that reached a point.
    int threadAt(int point) {
        return isChoice(point) ? choices[point - 1] >>> 3 & 3 : thread(stepsAt(point));
    }

    /// The thread that went on at a choice where the plan says nothing.
    int firstAt(int point) {
        return choices[point - 1] & 7;
    }

    /// How many steps were over at a point; where nobody was preempted, this is the step that the point stands before.
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
