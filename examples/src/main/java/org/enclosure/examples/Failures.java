package org.enclosure.examples;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.examples.machine.Ending;

/// What is wrong with one part of a run, a sentence each. Used by the run's thread.
final class Failures {
    private final List<String> sentences = new ArrayList<>();

    /// Writes a sentence down.
    void add(String sentence) {
        sentences.add(sentence);
    }

    /// Writes sentences down.
    void addAll(List<String> more) {
        sentences.addAll(more);
    }

    /// Writes a sentence down unless the condition holds.
    void check(boolean holds, String sentence) {
        if (!holds) {
            add(sentence);
        }
    }

    /// Goes on only if a guest program has returned: what comes after it makes no sense otherwise.
    ///
    /// @throws IllegalStateException if it was stopped
    static void requireReturn(Ending ending) {
        if (!ending.isReturn()) {
            throw new IllegalStateException(ending.toString());
        }
    }

    /// All sentences.
    List<String> sentences() {
        return sentences;
    }
}
