package org.enclosure.examples.guest;

import java.util.ArrayList;
import java.util.List;

/// What a guest program, or a device, found wrong, a sentence each. The first few are kept, the rest is counted: a guest that
/// fails a thousand times fails in one way. Any thread.
public final class Findings {
    private static final int KEPT = 5;

    private final List<String> sentences = new ArrayList<>();
    private long count;

    /// Creates an empty list.
    public Findings() {
    }

    /// Writes one down.
    public synchronized void add(String sentence) {
        count++;
        if (sentences.size() < KEPT) {
            sentences.add(sentence);
        }
    }

    /// Writes one down unless the condition holds.
    public void check(boolean holds, String sentence) {
        if (!holds) {
            add(sentence);
        }
    }

    /// What was found; empty if nothing is wrong.
    public synchronized List<String> sentences() {
        List<String> all = new ArrayList<>(sentences);
        if (count > KEPT) {
            all.add("and " + (count - KEPT) + " more");
        }
        return all;
    }
}
