package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.io.Serial;

import org.apiguardian.api.API;

/// The host refused what a guest driver asked for; the guest learns it by its architecture's own code.
@API(status = EXPERIMENTAL, since = "0.1")
public final class GuestRefusedException extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    private final long code;

    /// Creates the exception.
    ///
    /// @param code what the guest's registers said
    public GuestRefusedException(String message, long code) {
        super(message);
        this.code = code;
    }

    /// What the guest's registers said.
    public long code() {
        return code;
    }
}
