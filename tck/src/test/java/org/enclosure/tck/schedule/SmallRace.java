package org.enclosure.tck.schedule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.locks.ReentrantLock;

/// Threads that make a few steps on a few words, as a random program says: reads, writes, and steps that are left out depending on
/// what was read; some under a lock, some after waiting for the end of
/// the thread before.
final class SmallRace implements Race {
    /// What a step does.
    private enum Kind {
        READ, WRITE, ADD, SKIP_IF_ODD, LOCKED_ADD, AWAIT
    }

    private record Step(Kind kind, int word) {
    }

    /// What threads do.
    record Program(List<List<Step>> threads) {
        static Program random(SplittableRandom random, int threads, int steps, int words) {
            List<List<Step>> all = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                List<Step> own = new ArrayList<>();
                int count = 1 + random.nextInt(steps);
                for (int j = 0; j < count; j++) {
                    own.add(new Step(KINDS.get(random.nextInt(KINDS.size())), random.nextInt(words)));
                }
                all.add(own);
            }
            return new Program(all);
        }
    }

    private static final List<Kind> KINDS = List.of(Kind.values());
    private static final int FLAGS = 3;

    private final Program program;
    private final long[] words = new long[FLAGS + 3];
    private final long[] seen;
    private final ReentrantLock lock = new ReentrantLock();
    private final List<String> ends;

    /// @param ends gets the state at the end of the run
    SmallRace(Program program, List<String> ends) {
        this.program = program;
        this.ends = ends;
        seen = new long[program.threads().size()];
        Touch.born(words);
        Touch.born(lock);
    }

    @Override
    public List<Runnable> bodies() {
        List<Runnable> bodies = new ArrayList<>();
        for (int i = 0; i < seen.length; i++) {
            int thread = i;
            bodies.add(() -> run(thread));
        }
        return bodies;
    }

    private void run(int thread) {
        boolean skips = false;
        for (Step step : program.threads().get(thread)) {
            if (!skips) {
                Hook.point(step.toString());
                make(step, thread);
            }
            skips = step.kind == Kind.SKIP_IF_ODD && (seen[thread] & 1) != 0;
        }
        Hook.point("last");
        write(0, read(0) + 1);
        write(FLAGS + thread, 1);
    }

    private void make(Step step, int thread) {
        int word = step.word;
        switch (step.kind) {
            case READ, SKIP_IF_ODD -> seen[thread] = read(word);
            case WRITE -> write(word, thread + 3L * seen[thread]);
            case ADD -> write(word, read(word) + 1);
            case LOCKED_ADD -> {
                Hook.lock(lock);
                long found = read(word);
                Hook.point("locked");
                write(word, found + 1);
                Touch.whole(lock, true);
                lock.unlock();
            }
            case AWAIT -> {
                while (thread > 0 && read(FLAGS + thread - 1) == 0) {
                    Hook.pause();
                }
            }
        }
    }

    private long read(int word) {
        Touch.read(words, word);
        return words[word];
    }

    private void write(int word, long value) {
        Touch.write(words, word);
        words[word] = value;
    }

    @Override
    public void check() {
        ends.add(Arrays.toString(words) + Arrays.toString(seen));
    }

    @Override
    public void close() {
        // holds nothing
    }
}
