package org.enclosure.tdx.machine;

import org.enclosure.spi.PhysicalMemory;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.SeptState;

/// The secure EPT of a TD: the walk, and the lock of one entry. Tables lie in physical memory, entries are changed under their
/// lock and published with one store.
public final class Sept {
    /// The entry was locked by this call.
    static final int LOCKED = 0;
    /// Somebody else holds the entry.
    static final int BUSY = 1;
    /// The host comes first (guest calls only).
    static final int HOST_PRIORITY = 2;
    /// No entry: it could not be locked.
    static final long NOT_LOCKED = -1;

    private final PhysicalMemory memory;
    private final TdControl control;

    Sept(PhysicalMemory memory, TdControl control) {
        this.memory = memory;
        this.control = control;
    }

    /// Walks to the entry of `level` around `gpa`, or to the first entry above it that is no mapped table; the call says where.
    public void walk(long td, long gpa, int level, LeafCall call) {
        long table = control.root(td);
        for (int at = control.topLevel(td);; at--) {
            long pa = entryPa(table, gpa, at);
            long entry = memory.getLongAcquire(pa); // ORDERING: partner release
            if (at == level || !SeptEntry.isWalkable(entry)) {
                call.entryPa = pa;
                call.entry = entry & ~(SeptEntry.LOCK | SeptEntry.HOST_PRIORITY);
                call.level = at;
                return;
            }
            table = entry & SeptEntry.HPA_MASK;
        }
    }

    /// Address of the entry for `gpa` in a table of a level.
    static long entryPa(long table, long gpa, int level) {
        return table + (gpa >>> 12 + 9 * level & SeptEntry.COUNT - 1) * Long.BYTES;
    }

    /// The entry as it is, locks included.
    public long raw(long entryPa) {
        return memory.getLongAcquire(entryPa); // ORDERING: partner release
    }

    /// Writes an entry that nobody else can hold: the TD is held exclusively, or a test forces it.
    void put(long entryPa, long entry) {
        memory.putLongRelease(entryPa, entry); // ORDERING: partner walk
    }

    /// Locks the entry where the walk ended, for the host: that clears host priority, or asks for it if the entry is locked.
    int lockForHost(LeafCall call) {
        long raw = lockForHost(call.entryPa);
        return raw == NOT_LOCKED ? BUSY : locked(call, raw);
    }

    /// Locks one entry for the host.
    ///
    /// @return the entry, or [#NOT_LOCKED] if somebody else holds it
    long lockForHost(long entryPa) {
        while (true) {
            long raw = raw(entryPa);
            boolean isBusy = (raw & SeptEntry.LOCK) != 0;
            long next = isBusy ? raw | SeptEntry.HOST_PRIORITY : raw & ~SeptEntry.HOST_PRIORITY | SeptEntry.LOCK;
            if (memory.compareAndSet(entryPa, raw, next)) { // ORDERING: partner release, unlock
                return isBusy ? NOT_LOCKED : next;
            }
        }
    }

    /// Releases an entry that [#lockForHost(long)] locked, unchanged.
    void unlock(long entryPa) {
        long raw;
        do {
            raw = raw(entryPa);
        } while (!memory.compareAndSet(entryPa, raw, raw & ~SeptEntry.LOCK)); // ORDERING: partner lockForHost
    }

    /// Locks the entry where the walk ended, for the guest.
    int lockForGuest(LeafCall call) {
        while (true) {
            long raw = raw(call.entryPa);
            if ((raw & SeptEntry.LOCK) != 0) {
                return BUSY;
            }
            if ((raw & SeptEntry.HOST_PRIORITY) != 0) {
                return HOST_PRIORITY;
            }
            if (memory.compareAndSet(call.entryPa, raw, raw | SeptEntry.LOCK)) { // ORDERING: partner release
                return locked(call, raw);
            }
        }
    }

    /// Publishes `call.entry` and unlocks it; host priority that was asked for meanwhile stays.
    void release(LeafCall call) {
        call.isEntryLocked = false;
        long raw;
        do {
            raw = raw(call.entryPa);
        } while (!memory.compareAndSet(call.entryPa, raw, call.entry | raw & SeptEntry.HOST_PRIORITY)); // ORDERING: as above
    }

    /// Makes all entries of a page free.
    void initialise(long table) {
        for (int i = 0; i < SeptEntry.COUNT; i++) {
            memory.putLong(table + (long) i * Long.BYTES, SeptEntry.FREE);
        }
    }

    /// Whether all entries of a table are free.
    boolean isFree(long table) {
        for (int i = 0; i < SeptEntry.COUNT; i++) {
            if (SeptEntry.state(raw(table + (long) i * Long.BYTES)) != SeptState.FREE) {
                return false;
            }
        }
        return true;
    }

    /// Whether the walk ended at the level that was asked for.
    static boolean isFound(LeafCall call, int level) {
        return call.level == level;
    }

    /// Whether a walk for `gpa` in a TD ends at an entry that a guest can use.
    static boolean permits(long entry, int access) {
        return SeptEntry.isLeaf(entry) && (access & ~SeptEntry.permissions(entry)) == 0;
    }

    /// Where `gpa` lies in the page of a leaf.
    static long address(long entry, int level, long gpa) {
        return SeptEntry.hpa(entry, level) + (gpa & PageInfo.size(level) - 1);
    }

    private static int locked(LeafCall call, long raw) {
        call.isEntryLocked = true;
        call.entry = raw & ~(SeptEntry.LOCK | SeptEntry.HOST_PRIORITY);
        return LOCKED;
    }
}
