package org.enclosure.examples;

/// Tells a [RunProgress] where one architecture's part of a run is.
final class Steps {
    private static final int PER_ARCHITECTURE = 5;

    private final RunProgress progress;
    private final String id;
    private final int total;
    private int done;

    /// @param index how many architectures are done
    /// @param count how many there are
    Steps(RunProgress progress, String id, int index, int count) {
        this.progress = progress;
        this.id = id;
        done = index * PER_ARCHITECTURE;
        total = count * PER_ARCHITECTURE;
    }

    /// A step begins.
    void begin(String step) {
        progress.onStep(id, step, done++, total);
    }
}
