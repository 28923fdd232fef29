package org.enclosure.cli.verify;

import java.io.Serial;

/// A case that cannot be run here because something outside of the file is missing.
public final class CaseSkipped extends RuntimeException {
    @Serial private static final long serialVersionUID = 1;

    /// Creates one.
    ///
    /// @param reason what is missing
    public CaseSkipped(String reason) {
        super(reason);
    }
}
