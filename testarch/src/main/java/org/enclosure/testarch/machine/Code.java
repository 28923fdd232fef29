package org.enclosure.testarch.machine;

import java.util.List;

/// What a machine operation answers.
public final class Code {
    /// Done.
    public static final int SUCCESS = 0;
    /// It was so before; nothing changed.
    public static final int ALREADY = 1;
    /// Another operation is under way on the same object, or vCPUs have yet to leave; nothing changed.
    public static final int BUSY = 2;
    /// A frame belongs to another VM.
    public static final int FOREIGN = 3;
    /// The object is there in another size.
    public static final int SIZE_MISMATCH = 4;
    /// The object is there, for another page or in another kind.
    public static final int MISMATCH = 5;
    /// There is no entry, or a table on the way to it is missing.
    public static final int MISSING = 6;
    /// The entry is not blocked, or not flushed since.
    public static final int NOT_FLUSHED = 7;
    /// An operand names nothing that exists.
    public static final int BAD_OPERAND = 8;

    /// The names, by code.
    public static final List<String> NAMES = List.of("SUCCESS", "ALREADY", "BUSY", "FOREIGN", "SIZE_MISMATCH",
            "MISMATCH",
            "MISSING", "NOT_FLUSHED", "BAD_OPERAND");

    private Code() {
    }
}
