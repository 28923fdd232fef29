package org.enclosure.systemtest.allocation;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

import com.sun.management.ThreadMXBean;
import org.enclosure.core.GuestMemorySystem;

/// Measures, to the byte, what exercises allocate on the Java heap in steady state, on several architectures in one JVM.
///
/// What the JVM allocates once and at its own time (it specialises handles, recompiles, links) falls into one window; what the
/// exercise itself allocates is in every one. So there have to be several windows in a row in which nothing was allocated: one
/// alone could be luck.
///
/// Property `rounds`: rounds of a window. Arguments: whether the exit handlers allocate; exercises (all if none is named). Exit code 0 if nothing allocates, 1 if
/// something does.
final class AllocationMain {
    /// Exit code: something allocates.
    static final int FOUND = 1;

    /// Per architecture. What the JVM still specialises later (a method handle when it was called 127 times) ends in one window.
    private static final int WARM_UP = 50;
    private static final int ROUNDS = Integer.getInteger("rounds", 100);
    private static final int CLEAN_WINDOWS = 4;
    private static final int MAX_WINDOWS = 40;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private AllocationMain() {
    }

    public static void main(String[] args) {
        boolean allocates = Boolean.parseBoolean(args[0]);
        List<Exercise> exercises = args.length == 1 ? List.of(Exercise.values())
                : Arrays.stream(args).skip(1).map(Exercise::valueOf).toList();
        boolean clean = true;
        try (GuestMemorySystem system = GuestMemorySystem.builder().build()) {
            List<Subject> subjects = new ArrayList<>();
            subjects.add(new Subject(system, "software", "software-protected", "4k", allocates));
            subjects.add(new Subject(system, "test", "core-owned", "4k", allocates));
            subjects.add(new Subject(system, "test", "backend-owned", "4k", allocates));
            subjects.add(new Subject(system, "test", "backend-owned", "2m", allocates));
            // All of them first: what is measured has met every architecture.
            subjects.forEach(subject -> exercises.forEach(exercise -> repeat(exercise, subject, WARM_UP)));
            for (Subject subject : subjects) {
                for (Exercise exercise : exercises) {
                    clean &= measure(exercise, subject);
                }
            }
        }
        System.out.println(clean ? "CLEAN" : "ALLOCATES");
        System.exit(clean ? 0 : FOUND);
    }

    private static void repeat(Exercise exercise, Subject subject, int rounds) {
        for (int i = 0; i < rounds; i++) {
            exercise.round(subject);
        }
    }

    private static boolean measure(Exercise exercise, Subject subject) {
        long last = 0;
        int inRow = 0;
        int windows = 0;
        for (; windows < MAX_WINDOWS && inRow < CLEAN_WINDOWS; windows++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            repeat(exercise, subject, ROUNDS);
            last = THREADS.getCurrentThreadAllocatedBytes() - before;
            inRow = last == 0 ? inRow + 1 : 0;
        }
        boolean clean = inRow == CLEAN_WINDOWS;
        System.out.println(subject.name() + " " + exercise + ": "
                + (clean ? "0 bytes" : last + " bytes in the last of ")
                + (clean ? " in " + CLEAN_WINDOWS + " windows of " + ROUNDS + " rounds, after " + (windows - inRow)
                        : windows + " windows of " + ROUNDS + " rounds"));
        return clean;
    }
}
