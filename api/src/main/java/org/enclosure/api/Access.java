package org.enclosure.api;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import org.apiguardian.api.API;

/// The kind of one memory access, as bits of an `int`.
///
/// The bits stand in every signature that resolves or checks an access, so that no layer has to guess what another meant.
@API(status = EXPERIMENTAL, since = "0.1")
public final class Access {
    /// The access reads.
    public static final int READ = 1;
    /// The access writes. A read-modify-write has both bits.
    public static final int WRITE = 1 << 1;
    /// The access fetches an instruction.
    public static final int EXECUTE = 1 << 2;
    /// The access is to the private half of guest memory; without the bit it is to the shared half.
    public static final int PRIVATE = 1 << 3;
    /// The access comes from a device, not from a CPU (host accesses only).
    public static final int DEVICE = 1 << 4;

    private Access() {
    }

    /// Names the bits, for messages.
    public static String describe(int access) {
        StringBuilder text = new StringBuilder((access & PRIVATE) != 0 ? "private" : "shared");
        text.append((access & WRITE) != 0 ? " write" : (access & EXECUTE) != 0 ? " fetch" : " read");
        return (access & DEVICE) != 0 ? text.append(" by a device").toString() : text.toString();
    }
}
