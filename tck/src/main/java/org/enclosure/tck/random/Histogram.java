package org.enclosure.tck.random;

import java.util.Map;
import java.util.TreeMap;

/// How often each operation had each outcome.
public final class Histogram {
    private final Map<String, Map<String, Integer>> counts = new TreeMap<>();

    /// Creates an empty one.
    public Histogram() {
    }

    void add(String operation, String outcome) {
        counts.computeIfAbsent(operation, name -> new TreeMap<>()).merge(outcome, 1, Integer::sum);
    }

    /// How often an operation was done.
    public int operations(String operation) {
        return counts.getOrDefault(operation, Map.of()).values().stream().mapToInt(Integer::intValue).sum();
    }

    /// The operations that were done.
    public Iterable<String> operations() {
        return counts.keySet();
    }

    /// How often an outcome was seen, of all operations.
    public int outcomes(String outcome) {
        return counts.values().stream().mapToInt(one -> one.getOrDefault(outcome, 0)).sum();
    }

    /// How often an operation had an outcome.
    public int count(String operation, String outcome) {
        return counts.getOrDefault(operation, Map.of()).getOrDefault(outcome, 0);
    }

    /// One line per operation.
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        counts.forEach((operation, outcomes) -> text.append(String.format("%-16s %s%n", operation, outcomes)));
        return text.toString();
    }
}
