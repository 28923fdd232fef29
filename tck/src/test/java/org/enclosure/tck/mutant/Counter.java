package org.enclosure.tck.mutant;

/// Something to make mistakes in.
final class Counter {
    private static final int STEP = 3;
    private static final long LIMIT = 9;

    private long count;

    void add() {
        if (count < LIMIT) {
            count += STEP;
        }
    }

    long count() {
        return count;
    }

    boolean isFull() {
        return count >= LIMIT;
    }

    static void requireOpen(boolean isOpen) {
        if (!isOpen) {
            throw new IllegalStateException("closed");
        }
    }

    void addIfOpen(boolean isOpen) {
        requireOpen(isOpen);
        add();
    }
}
