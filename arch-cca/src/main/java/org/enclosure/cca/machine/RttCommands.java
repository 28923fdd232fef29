package org.enclosure.cca.machine;

import org.enclosure.cca.wire.Ripas;
import org.enclosure.cca.wire.Rmi;
import org.enclosure.cca.wire.RttEntry;
import org.enclosure.spi.PhysicalMemory;

/// RMI_RTT_CREATE, RMI_RTT_DESTROY, RMI_RTT_FOLD, RMI_RTT_READ_ENTRY (RMM specification 1.0, B4.3 and A5.5).
public final class RttCommands {
    private static final long PA_LIMIT = 1L << 48;

    private final PhysicalMemory memory;
    private final Granules granules;
    private final Walker walker;
    private final Profile profile;

    RttCommands(PhysicalMemory memory, Granules granules, Walker walker, Profile profile) {
        this.memory = memory;
        this.granules = granules;
        this.walker = walker;
        this.profile = profile;
    }

    /// Hangs a table below the entry of `level - 1`; its entries continue what the entry was.
    public long create(long rd, long rtt, long ipa, long level) {
        if (!granules.is(rtt, GranuleState.DELEGATED) || !granules.is(rd, GranuleState.RD)
                || !isTable(rd, ipa, level) || rtt >= PA_LIMIT) {
            return Rmi.ERROR_INPUT;
        }
        int parentLevel = (int) level - 1;
        long where = walker.lock(rd, ipa, parentLevel);
        if (where == Walker.NOWHERE) {
            return Rmi.CONTENDED;
        }
        if (Walker.level(where) != parentLevel) {
            return walker.unlock(where, Rmi.rtt(Walker.level(where)));
        }
        long entry = walker.entry(where);
        int kind = RttEntry.kind(entry, parentLevel);
        if (kind == RttEntry.TABLE) {
            return walker.unlock(where, Rmi.rtt(parentLevel));
        }
        if (!granules.turn(rtt, GranuleState.DELEGATED, GranuleState.RTT)) {
            return walker.unlock(where, Rmi.ERROR_INPUT);
        }
        fill(rtt, entry, kind, (int) level);
        if (kind == RttEntry.ASSIGNED) {
            granules.refer(rtt, RttEntry.ENTRIES);
        } else {
            granules.refer(Walker.table(where), 1);
        }
        walker.put(where, RttEntry.table(rtt));
        return walker.unlock(where, Rmi.SUCCESS);
    }

    /// Takes away a table in which nothing is live; `x1` is the table, `x2` the next IPA with something live.
    public long destroy(long rd, long ipa, long level, Outputs out) {
        out.clear();
        if (!granules.is(rd, GranuleState.RD) || !isTable(rd, ipa, level)) {
            return Rmi.ERROR_INPUT;
        }
        int parentLevel = (int) level - 1;
        long where = walker.lock(rd, ipa, parentLevel);
        if (where == Walker.NOWHERE) {
            return Rmi.CONTENDED;
        }
        long entry = walker.entry(where);
        if (Walker.level(where) != parentLevel || !RttEntry.isTable(entry, parentLevel)) {
            out.x2 = walker.skipNonLive(where, ipa);
            return walker.unlock(where, Rmi.rtt(Walker.level(where)));
        }
        long child = RttEntry.address(entry);
        if (!granules.lock(child, GranuleState.RTT)) {
            return walker.unlock(where, Rmi.CONTENDED);
        }
        if (granules.references(child) != 0) {
            granules.unlock(child);
            out.x2 = ipa;
            return walker.unlock(where, Rmi.rtt((int) level));
        }
        boolean isProtected = Rd.isProtected(memory, rd, ipa);
        replace(rd, where, child, isProtected ? RttEntry.unassigned(Ripas.DESTROYED) : RttEntry.UNASSIGNED_NS, 1);
        out.x1 = child;
        out.x2 = walker.skipNonLive(where, ipa);
        return walker.unlock(where, Rmi.SUCCESS);
    }

    /// Replaces a table whose entries are all alike by one entry; `x1` is the table.
    public long fold(long rd, long ipa, long level, Outputs out) {
        out.clear();
        if (!granules.is(rd, GranuleState.RD) || !isTable(rd, ipa, level)) {
            return Rmi.ERROR_INPUT;
        }
        int parentLevel = (int) level - 1;
        long where = walker.lock(rd, ipa, parentLevel);
        if (where == Walker.NOWHERE) {
            return Rmi.CONTENDED;
        }
        long entry = walker.entry(where);
        if (Walker.level(where) != parentLevel || !RttEntry.isTable(entry, parentLevel)) {
            return walker.unlock(where, Rmi.rtt(Walker.level(where)));
        }
        long child = RttEntry.address(entry);
        if (!granules.lock(child, GranuleState.RTT)) {
            return walker.unlock(where, Rmi.CONTENDED);
        }
        long status = foldable(child, (int) level);
        if (status != Rmi.SUCCESS) {
            granules.unlock(child);
            return walker.unlock(where, status);
        }
        boolean keepsReference = granules.references(child) != 0;
        replace(rd, where, child, folded(child, (int) level), keepsReference ? 0 : 1);
        out.x1 = child;
        return walker.unlock(where, Rmi.SUCCESS);
    }

    /// Reads the entry that decides about an IPA: `x1` its level, `x2` its state, `x3` its address or descriptor, `x4` its RIPAS.
    public long readEntry(long rd, long ipa, long level, Outputs out) {
        out.clear();
        boolean isLegal = granules.is(rd, GranuleState.RD) && level >= Rd.startLevel(memory, rd)
                && level <= RttEntry.PAGE_LEVEL && isEntry(rd, ipa, (int) level);
        if (!isLegal) {
            return Rmi.ERROR_INPUT;
        }
        long where = walker.lock(rd, ipa, (int) level);
        if (where == Walker.NOWHERE) {
            return Rmi.CONTENDED;
        }
        show(walker.entry(where), Walker.level(where), out);
        return walker.unlock(where, Rmi.SUCCESS);
    }

    private void show(long entry, int level, Outputs out) {
        int kind = RttEntry.kind(entry, level);
        out.x1 = level;
        out.x2 = switch (kind) {
            case RttEntry.TABLE -> 2;
            case RttEntry.ASSIGNED, RttEntry.NS_ASSIGNED -> 1;
            default -> 0;
        };
        boolean isHidden = kind == RttEntry.ASSIGNED && profile == Profile.RMM_1_0
                && RttEntry.ripas(entry) == Ripas.DESTROYED;
        if (RttEntry.isLive(entry) && !isHidden) {
            out.x3 = kind == RttEntry.NS_ASSIGNED ? RttEntry.hostPart(entry) : RttEntry.address(entry);
        }
        if (kind == RttEntry.UNASSIGNED || kind == RttEntry.ASSIGNED) {
            out.x4 = RttEntry.ripas(entry);
        }
    }

    /// Whether a table can hang at a level below the entry for an IPA.
    private boolean isTable(long rd, long ipa, long level) {
        return level > Rd.startLevel(memory, rd) && level <= RttEntry.PAGE_LEVEL && isEntry(rd, ipa, (int) level - 1);
    }

    private boolean isEntry(long rd, long ipa, int level) {
        return (ipa & RttEntry.size(level) - 1) == 0 && Long.compareUnsigned(ipa, Rd.limit(memory, rd)) < 0;
    }

    private void fill(long rtt, long entry, int kind, int level) {
        if (entry == 0) {
            return; // a wiped granule is a table of such entries
        }
        long step = RttEntry.isLive(entry) ? RttEntry.size(level) : 0;
        long first = switch (kind) {
            case RttEntry.ASSIGNED -> RttEntry.assigned(RttEntry.address(entry), RttEntry.ripas(entry), level);
            case RttEntry.NS_ASSIGNED -> RttEntry.assignedNs(RttEntry.hostPart(entry), level);
            default -> entry;
        };
        for (int index = 0; index < RttEntry.ENTRIES; index++) {
            memory.putLong(rtt + (long) index * Long.BYTES, first + index * step);
        }
    }

    /// Replaces a locked table: out of its parent first, then counted, then wiped.
    private void replace(long rd, long where, long child, long entry, int references) {
        walker.put(where, entry);
        walker.remove(rd);
        if (references != 0) {
            granules.refer(Walker.table(where), -references);
        }
        memory.zero(child, Granules.SIZE);
        granules.unlock(child, GranuleState.DELEGATED, 0);
    }

    /// Whether the entries of a locked table can be one entry of `level - 1`: SUCCESS, or the status that says why not.
    private long foldable(long child, int level) {
        int references = granules.references(child);
        if (references != 0 && references != RttEntry.ENTRIES) {
            return Rmi.rtt(level);
        }
        long first = memory.getLong(child);
        int kind = RttEntry.kind(first, level);
        boolean hasPages = references != 0 || kind == RttEntry.NS_ASSIGNED;
        if (references != 0 && level <= 1) {
            return Rmi.rtt(level - 1);
        }
        if (hasPages && (kind == RttEntry.TABLE || (RttEntry.address(first) & RttEntry.size(level - 1) - 1) != 0)) {
            return Rmi.rtt(level);
        }
        long step = hasPages ? RttEntry.size(level) : 0;
        for (int index = 1; index < RttEntry.ENTRIES; index++) {
            if (memory.getLong(child + (long) index * Long.BYTES) != first + index * step) {
                return Rmi.rtt(level);
            }
        }
        return hasPages && level <= 1 ? Rmi.rtt(level - 1) : Rmi.SUCCESS;
    }

    private long folded(long child, int level) {
        long first = memory.getLong(child);
        return switch (RttEntry.kind(first, level)) {
            case RttEntry.ASSIGNED ->
                RttEntry.assigned(RttEntry.address(first), RttEntry.ripas(first), level - 1);
            case RttEntry.NS_ASSIGNED -> RttEntry.assignedNs(RttEntry.hostPart(first), level - 1);
            default -> first;
        };
    }
}
