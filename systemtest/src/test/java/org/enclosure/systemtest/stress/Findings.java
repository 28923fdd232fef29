package org.enclosure.systemtest.stress;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/// What went wrong: counts by kind, and the first sentences. Any thread.
final class Findings {
    /// Kinds of findings.
    enum Kind {
        /// A guest has read what is not, or not any longer, its page.
        STALE_LOAD,
        /// A word changed in memory that was taken away.
        STALE_STORE,
        /// A leaf does not agree with the attribute and the store.
        BAD_LEAF,
        /// The engine reports that it is broken, or threw what it must not.
        BROKEN
    }

    private static final int SENTENCES = 8;

    private final Map<Kind, AtomicLong> counts = new EnumMap<>(Kind.class);
    private final List<String> sentences = new CopyOnWriteArrayList<>();
    private final boolean stopsAtFirst;
    private volatile boolean stop;

    /// @param stopsAtFirst whether the first finding ends the run
    Findings(boolean stopsAtFirst) {
        this.stopsAtFirst = stopsAtFirst;
        for (Kind kind : Kind.values()) {
            counts.put(kind, new AtomicLong());
        }
    }

    void add(Kind kind, String sentence) {
        long before = counter(kind).getAndIncrement();
        if (before < SENTENCES) {
            sentences.add(kind + " " + sentence);
        }
        if (stopsAtFirst) {
            stop = true;
        }
    }

    private AtomicLong counter(Kind kind) {
        AtomicLong counter = counts.get(kind);
        if (counter == null) {
            throw new AssertionError(kind);
        }
        return counter;
    }

    /// The run ends.
    void stop() {
        stop = true;
    }

    /// Whether the run has to end.
    boolean isStopping() {
        return stop;
    }

    boolean isEmpty() {
        return counts.values().stream().allMatch(count -> count.get() == 0);
    }

    List<String> sentences() {
        return sentences;
    }

    @Override
    public String toString() {
        return counts.toString();
    }
}
