package org.enclosure.api.host;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.io.Serial;

import org.apiguardian.api.API;

/// What the host gets instead of the bytes.
@API(status = EXPERIMENTAL, since = "0.1")
public final class HostAccessException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    /// The ways in which a host access fails.
    @API(status = EXPERIMENTAL, since = "0.1")
    public enum Signal {
        /// There is no mapping, or it does not permit the access.
        SIGSEGV,
        /// The page is private, past the end of its store, or its store is gone.
        SIGBUS,
        /// The architecture's tables forbid the access.
        DENIED,
        /// The page was poisoned.
        POISONED
    }

    private final Signal signal;
    private final long address;

    /// Creates the exception.
    ///
    /// @param address the hva or host physical address that could not be reached
    public HostAccessException(Signal signal, long address, String message) {
        super(signal + " at 0x" + Long.toHexString(address) + ": " + message);
        this.signal = signal;
        this.address = address;
    }

    /// How it failed.
    public Signal signal() {
        return signal;
    }

    /// The address that could not be reached.
    public long address() {
        return address;
    }
}
