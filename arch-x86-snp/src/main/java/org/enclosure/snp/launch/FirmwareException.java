package org.enclosure.snp.launch;

/// A firmware image that the wanted launch cannot use.
public final class FirmwareException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    private final FirmwareFault fault;

    /// Creates the exception.
    ///
    /// @param message what is wrong, where, and what would be legal
    public FirmwareException(FirmwareFault fault, String message) {
        super(message);
        this.fault = fault;
    }

    /// The kind of fault.
    public FirmwareFault fault() {
        return fault;
    }
}
