package org.enclosure.api.host;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// What a host mapping permits (the PROT_* of mprotect; nothing here executes).
@API(status = EXPERIMENTAL, since = "0.1")
public enum Protection {
    /// Nothing.
    NONE,
    /// Reads.
    READ,
    /// Reads and writes.
    READ_WRITE
}
