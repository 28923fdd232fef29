package org.enclosure.api;

import static org.apiguardian.api.API.Status.STABLE;

import java.io.Serial;
import java.util.List;

import org.apiguardian.api.API;

/// A control-plane call that was refused. Nothing was changed.
///
/// The message says what was asked, where, with which value, and what would be legal.
@API(status = STABLE, since = "0.1")
public final class GuestMemoryException extends RuntimeException {
    /// The error offset of an error that has none.
    public static final long NO_OFFSET = -1;

    @Serial private static final long serialVersionUID = 1;

    private final Errno errno;
    private final long errorOffset;
    private final transient List<String> holders;

    /// Creates an error without a position.
    public GuestMemoryException(Errno errno, String message) {
        this(errno, message, NO_OFFSET, List.of());
    }

    /// Creates an error at a position.
    ///
    /// @param errorOffset bytes from the start of the requested range to the first page that stood in the way
    /// @param holders who holds that page, by the names that they gave
    public GuestMemoryException(Errno errno, String message, long errorOffset, List<String> holders) {
        super(errno + ": " + message);
        this.errno = errno;
        this.errorOffset = errorOffset;
        this.holders = List.copyOf(holders);
    }

    /// The error number.
    public Errno errno() {
        return errno;
    }

    /// Bytes from the start of the requested range to the first page that stood in the way, or [#NO_OFFSET].
    public long errorOffset() {
        return errorOffset;
    }

    /// The names of those who hold the page at [#errorOffset()]; empty where nobody does.
    public List<String> holders() {
        return holders;
    }
}
