package org.enclosure.tdx.wire;

/// What a TD can be asked for: the OP_STATE of its control structure.
public enum OpState {
    /// Not initialised.
    UNINITIALIZED(0),
    /// Being built.
    INITIALIZED(1),
    /// The guest can run.
    RUNNABLE(2),
    /// Exported while it runs.
    LIVE_EXPORT(3),
    /// Exported, stopped.
    PAUSED_EXPORT(4),
    /// Exported, after the start token.
    POST_EXPORT(5),
    /// Its memory is being imported.
    MEMORY_IMPORT(6),
    /// Its state is being imported.
    STATE_IMPORT(7),
    /// Imported, not committed.
    POST_IMPORT(8),
    /// Imported and running while pages still come.
    LIVE_IMPORT(9),
    /// The import failed.
    FAILED_IMPORT(10);

    private static final OpState[] ALL = values();

    private final int number;

    OpState(int number) {
        this.number = number;
    }

    /// The number by which the module keeps the state.
    public int number() {
        return number;
    }

    /// The state with a number.
    public static OpState of(long number) {
        return ALL[(int) number];
    }

    /// Whether there is a state with this number.
    public static boolean exists(long number) {
        return number >= 0 && number < ALL.length;
    }

    /// This state as one bit of a set.
    public int bit() {
        return 1 << number;
    }

    /// Whether an entry has to be blocked and tracked before its page leaves.
    public boolean needsTracking() {
        return this == RUNNABLE || this == LIVE_EXPORT || this == LIVE_IMPORT;
    }

    /// Whether an export still keeps to the order of epochs.
    public boolean isExportInOrder() {
        return this == LIVE_EXPORT || this == PAUSED_EXPORT;
    }

    /// Whether an import still keeps to the order of epochs.
    public boolean isImportInOrder() {
        return this == MEMORY_IMPORT || this == STATE_IMPORT;
    }

    /// Whether pages that leave must be remembered as REMOVED.
    public boolean isImporting() {
        return this == MEMORY_IMPORT || this == STATE_IMPORT || this == POST_IMPORT || this == LIVE_IMPORT;
    }
}
