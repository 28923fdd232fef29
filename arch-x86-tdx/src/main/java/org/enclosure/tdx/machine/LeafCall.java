package org.enclosure.tdx.machine;

/// The outputs and the working storage of one leaf. Owned by one thread and reused: no leaf allocates.
public final class LeafCall {
    /// Output register RCX.
    public long rcx;
    /// Output register RDX.
    public long rdx;
    /// Output register R8.
    public long r8;
    /// Output register R9.
    public long r9;
    /// Whether the guest left for the host instead of getting a status (guest leaves only).
    public boolean exits;
    /// Extended exit qualification of that exit.
    public long qualification;
    /// Guest address of that exit.
    public long gpa;

    /// The TD whose root page is locked, or -1.
    long td;
    boolean isTdExclusive;
    /// 0 the tree is not locked, 1 shared, 2 exclusive.
    int treeLock;
    /// Address of the entry where the walk ended.
    public long entryPa;
    /// The entry as it was when the walk ended, without lock and host priority.
    public long entry;
    /// Level of that entry.
    public int level;
    boolean isEntryLocked;
    /// The page that is locked in the PAMT, with its level, or -1.
    long page;
    int pageLevel;
    long effectiveGpa;
    /// What became of one entry of a list.
    int outcome;

    /// Creates a cleared call.
    public LeafCall() {
        reset();
    }

    /// Clears everything, before a leaf starts.
    void reset() {
        rcx = 0;
        rdx = 0;
        r8 = 0;
        r9 = 0;
        exits = false;
        qualification = 0;
        gpa = 0;
        td = -1;
        isTdExclusive = false;
        treeLock = 0;
        entryPa = 0;
        entry = 0;
        level = 0;
        isEntryLocked = false;
        page = -1;
        pageLevel = 0;
        effectiveGpa = 0;
        outcome = 0;
    }
}
