package org.enclosure.tdx.wire;

import java.util.Arrays;

/// The states of a secure EPT entry, with what the entry's bits say of each (TDX Module 1.5 ABI specification, secure EPT entry
/// information).
public enum SeptState {
    /// Nothing is mapped.
    FREE(0, 0x0e, 0, 0, 0),
    /// A page was removed while a migration import was in progress.
    REMOVED(1, 0x0c, 5, 0, 0),
    /// A table hangs here.
    NL_MAPPED(2, 0x00, 132, 7, SeptState.TRACKED),
    /// A table hangs here and the whole range below is blocked.
    NL_BLOCKED(3, 0x08, 129, 0, SeptState.TRACKED),
    /// A page that the guest can use.
    MAPPED(4, 0x60, 4, 7, SeptState.PAGE | SeptState.TRACKED),
    /// A page out of the guest's reach.
    BLOCKED(5, 0x68, 1, 0, SeptState.PAGE | SeptState.TRACKED),
    /// A page that the guest can only read and execute.
    BLOCKEDW(6, 0x64, 8, 5, SeptState.PAGE | SeptState.TRACKED),
    /// An exported page that is unchanged since.
    EXPORTED_BLOCKEDW(7, 0x66, 9, 5, SeptState.PAGE),
    /// An exported page that the guest can change again.
    EXPORTED_DIRTY(8, 0x63, 11, 7, SeptState.PAGE | SeptState.TRACKED),
    /// An exported and changed page that is blocked for writing again.
    EXPORTED_DIRTY_BLOCKEDW(9, 0x67, 12, 5, SeptState.PAGE | SeptState.TRACKED),
    /// A page that the guest has not accepted.
    PENDING(10, 0x70, 2, 0, SeptState.PAGE | SeptState.TRACKED | SeptState.ACCEPTABLE),
    /// A page that was blocked before it was accepted.
    PENDING_BLOCKED(11, 0x78, 3, 0, SeptState.PAGE | SeptState.TRACKED),
    /// A page not accepted and blocked for writing.
    PENDING_BLOCKEDW(12, 0x74, 16, 0, SeptState.PAGE | SeptState.TRACKED),
    /// A page exported before it was accepted.
    PENDING_EXPORTED_BLOCKEDW(13, 0x76, 17, 0, SeptState.PAGE),
    /// A page exported before it was accepted, which the guest can accept again.
    PENDING_EXPORTED_DIRTY(14, 0x73, 19, 0, SeptState.PAGE | SeptState.TRACKED | SeptState.ACCEPTABLE),
    /// As before, and blocked for writing again.
    PENDING_EXPORTED_DIRTY_BLOCKEDW(15, 0x77, 20, 0, SeptState.PAGE | SeptState.TRACKED);

    private static final int PAGE = 1;
    private static final int TRACKED = 1 << 1;
    private static final int ACCEPTABLE = 1 << 2;
    private static final SeptState[] BY_ENCODING = new SeptState[128];

    private final int index;
    private final int encoding;
    private final int code;
    private final int permissions;
    private final int flags;

    static {
        Arrays.fill(BY_ENCODING, FREE); // no other encoding is ever written
        for (SeptState state : values()) {
            BY_ENCODING[state.encoding] = state;
        }
    }

    SeptState(int index, int encoding, int code, int permissions, int flags) {
        this.index = index;
        this.encoding = encoding;
        this.code = code;
        this.permissions = permissions;
        this.flags = flags;
    }

    /// The state with this 7-bit encoding.
    static SeptState ofEncoding(int encoding) {
        return BY_ENCODING[encoding];
    }

    /// The place in the list of all states, from 0.
    public int index() {
        return index;
    }

    /// The seven state bits, gathered.
    public int encoding() {
        return encoding;
    }

    /// The number by which the module names the state in RDX bits 15:8.
    public int code() {
        return code;
    }

    /// Bits 2:0 of an entry in this state: read, write, execute.
    public int permissions() {
        return permissions;
    }

    /// Whether a page is mapped, in the guest's reach or not.
    public boolean isPage() {
        return (flags & PAGE) != 0;
    }

    /// Whether a table hangs at the entry.
    public boolean isTable() {
        return this == NL_MAPPED || this == NL_BLOCKED;
    }

    /// Whether translations of the old entry may be cached, so that a change needs TLB tracking.
    public boolean needsTracking() {
        return (flags & TRACKED) != 0;
    }

    /// Whether the guest can accept the page, and gets a #VE when it touches it before.
    public boolean isAcceptable() {
        return (flags & ACCEPTABLE) != 0;
    }

    /// Whether the guest can read the page.
    public boolean isReadable() {
        return isPage() && permissions != 0;
    }

    /// Whether the page is one that its guest has not accepted.
    public boolean isPending() {
        return isPage() && (encoding & 0x10) != 0;
    }

    /// Whether the page is blocked for writing.
    public boolean isWriteBlocked() {
        return isPage() && (encoding & 0x4) != 0;
    }

    /// Whether the page has been exported.
    public boolean isExported() {
        return isPage() && (encoding & 0x2) != 0;
    }

    /// Whether the page has been exported and can have been changed since.
    public boolean isDirty() {
        return isPage() && (encoding & 0x1) != 0;
    }

    /// Whether the entry is blocked for all accesses.
    public boolean isBlocked() {
        return this == NL_BLOCKED || this == BLOCKED || this == PENDING_BLOCKED;
    }

    /// This state as one bit of a set.
    public int bit() {
        return 1 << index;
    }
}
