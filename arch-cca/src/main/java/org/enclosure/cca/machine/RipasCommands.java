package org.enclosure.cca.machine;

import org.enclosure.cca.wire.Ripas;
import org.enclosure.cca.wire.Rmi;
import org.enclosure.cca.wire.Rsi;
import org.enclosure.cca.wire.RttEntry;
import org.enclosure.spi.PhysicalMemory;

/// RMI_RTT_INIT_RIPAS and RMI_RTT_SET_RIPAS (RMM specification 1.0, B4.3 and A5.4). Each works on one table a call and says in
/// `x1` how far it came.
public final class RipasCommands {
    private final PhysicalMemory memory;
    private final Granules granules;
    private final Walker walker;
    private final Measurements measurements;
    private final Profile profile;

    RipasCommands(PhysicalMemory memory, Granules granules, Walker walker, Profile profile) {
        this.memory = memory;
        this.granules = granules;
        this.walker = walker;
        this.profile = profile;
        measurements = new Measurements(memory);
    }

    /// Makes pages of a new realm RAM and measures each entry.
    public long init(long rd, long base, long top, Outputs out) {
        out.clear();
        if (Long.compareUnsigned(base, top) >= 0 || !granules.is(rd, GranuleState.RD)
                || !Rd.isProtectedRange(memory, rd, base, top)) {
            return Rmi.ERROR_INPUT;
        }
        if (!granules.lock(rd, GranuleState.RD)) {
            return Rmi.CONTENDED;
        }
        long status = Rd.state(memory, rd) == Rd.NEW ? initLocked(rd, base, top, out) : Rmi.ERROR_REALM;
        granules.unlock(rd);
        return status;
    }

    private long initLocked(long rd, long base, long top, Outputs out) {
        long where = walker.lock(rd, base, RttEntry.PAGE_LEVEL);
        if (where == Walker.NOWHERE) {
            return Rmi.CONTENDED;
        }
        int level = Walker.level(where);
        long size = RttEntry.size(level);
        if ((base & size - 1) != 0) {
            return walker.unlock(where, Rmi.rtt(level));
        }
        Rim rim = measurements.initial(rd);
        long at = base;
        long end = end(where, base, top);
        for (long entryAt = where; at < end && isInitial(walker.entry(entryAt), level); entryAt += Long.BYTES) {
            walker.put(entryAt, RttEntry.unassigned(Ripas.RAM));
            rim.ripas(at, at + size);
            at += size;
        }
        if (at == base) {
            return walker.unlock(where, Rmi.rtt(level));
        }
        measurements.initial(rd, rim);
        out.x1 = at;
        return walker.unlock(where, Rmi.SUCCESS);
    }

    /// Serves the RIPAS change that a REC has asked for.
    public long set(long rd, long rec, long base, long top, Outputs out) {
        out.clear();
        boolean isLegal = Long.compareUnsigned(base, top) < 0
                && (profile == Profile.RMM_1_0 || (top & Granules.SIZE - 1) == 0)
                && granules.is(rd, GranuleState.RD) && granules.is(rec, GranuleState.REC);
        if (!isLegal) {
            return Rmi.ERROR_INPUT;
        }
        if (granules.references(rec) != 0 || memory.getLong(rec + RecLayout.RD) != rd) {
            return Rmi.ERROR_REC;
        }
        if (base != memory.getLong(rec + RecLayout.RIPAS_NEXT)
                || Long.compareUnsigned(top, memory.getLong(rec + RecLayout.RIPAS_TOP)) > 0) {
            return Rmi.ERROR_INPUT;
        }
        long where = walker.lock(rd, base, RttEntry.PAGE_LEVEL);
        if (where == Walker.NOWHERE) {
            return Rmi.CONTENDED;
        }
        long reached = setEntries(where, rec, base, top);
        if (reached == base) {
            return walker.unlock(where, Rmi.rtt(Walker.level(where)));
        }
        memory.putLong(rec + RecLayout.RIPAS_NEXT, reached);
        out.x1 = reached;
        return walker.unlock(where, Rmi.SUCCESS);
    }

    private long setEntries(long where, long rec, long base, long top) {
        int level = Walker.level(where);
        long size = RttEntry.size(level);
        int ripas = (int) memory.getLong(rec + RecLayout.RIPAS_VALUE);
        boolean changesDestroyed = (memory.getLong(rec + RecLayout.RIPAS_FLAGS) & Rsi.CHANGE_DESTROYED) != 0
                || ripas == Ripas.EMPTY && profile == Profile.RMM_1_1;
        long end = (base & size - 1) == 0 ? end(where, base, top) : base;
        long at = base;
        for (long entryAt = where; at < end; entryAt += Long.BYTES, at += size) {
            long entry = walker.entry(entryAt);
            int kind = RttEntry.kind(entry, level);
            boolean isPage = kind == RttEntry.ASSIGNED;
            if (!isPage && kind != RttEntry.UNASSIGNED
                    || RttEntry.ripas(entry) == Ripas.DESTROYED && !changesDestroyed) {
                break;
            }
            walker.put(entryAt, isPage ? RttEntry.assigned(RttEntry.address(entry), ripas, level)
                    : RttEntry.unassigned(ripas));
        }
        return at;
    }

    /// One behind the last IPA that whole entries of this table cover below `top`.
    private static long end(long where, long base, long top) {
        long size = RttEntry.size(Walker.level(where));
        long tableEnd = base + (RttEntry.ENTRIES - Walker.index(where)) * size;
        return Math.min(tableEnd, top & -size);
    }

    private static boolean isInitial(long entry, int level) {
        return RttEntry.kind(entry, level) == RttEntry.UNASSIGNED && RttEntry.ripas(entry) != Ripas.DESTROYED;
    }
}
