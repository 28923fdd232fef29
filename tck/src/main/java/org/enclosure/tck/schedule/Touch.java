package org.enclosure.tck.schedule;

import org.jspecify.annotations.Nullable;

/// What woven code calls about memory: which word it is about to read or to write, and what is made. It notes, and changes nothing.
public final class Touch {
    private Touch() {
    }

    /// A field is read.
    ///
    /// @param field a hash of its name
    public static void read(@Nullable Object object, int field) {
        note(object, field, false);
    }

    /// A field is written.
    ///
    /// @param field a hash of its name
    public static void write(@Nullable Object object, int field) {
        note(object, field, true);
    }

    /// A static field is read or written.
    ///
    /// @param field a hash of its class and name
    public static void global(int field, boolean isWrite) {
        if (Thread.currentThread() instanceof Turn turn) {
            turn.log().touch(Names.mix(1, field), isWrite);
        }
    }

    /// An object whose fields are nobody's business is read or written as a whole.
    public static void whole(@Nullable Object object, boolean isWrite) {
        note(object, 0, isWrite);
    }

    /// A word of memory is read or written.
    public static void memory(long address, boolean isWrite) {
        if (Thread.currentThread() instanceof Turn turn) {
            turn.log().touch(turn.log().names().ofMemory(address), isWrite);
        }
    }

    /// Many bytes of memory are read or written.
    public static void range(long address, long bytes, boolean isWrite) {
        if (Thread.currentThread() instanceof Turn turn) {
            for (long at = address & -Long.BYTES; at < address + bytes; at += Long.BYTES) {
                turn.log().touch(turn.log().names().ofMemory(at), isWrite);
            }
        }
    }

    /// An object was made.
    public static void born(@Nullable Object object) {
        if (object == null) {
            return;
        }
        if (Thread.currentThread() instanceof Turn turn) {
            turn.log().names().born(object, turn.index() + 1);
        } else {
            Names names = Names.current();
            if (names != null) {
                names.born(object, 0);
            }
        }
    }

    /// A class is about to be initialized: in one run alone, so it does not count.
    public static void beginsConstants() {
        inConstants(1);
    }

    /// A class is initialized.
    public static void endsConstants() {
        inConstants(-1);
    }

    private static void inConstants(int more) {
        Names names = Thread.currentThread() instanceof Turn turn ? turn.log().names() : Names.current();
        if (names != null) {
            names.inConstants(more);
        }
    }

    /// Memory was reserved.
    public static void region(long address, long bytes) {
        if (Thread.currentThread() instanceof Turn turn) {
            turn.log().names().region(address, bytes, turn.index() + 1);
        } else {
            Names names = Names.current();
            if (names != null) {
                names.region(address, bytes, 0);
            }
        }
    }

    private static void note(@Nullable Object object, int word, boolean isWrite) {
        if (object != null && Thread.currentThread() instanceof Turn turn) {
            turn.log().touch(Names.mix(turn.log().names().of(object), word), isWrite);
        }
    }
}
