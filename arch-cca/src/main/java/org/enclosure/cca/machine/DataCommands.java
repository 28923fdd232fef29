package org.enclosure.cca.machine;

import org.enclosure.cca.wire.Ripas;
import org.enclosure.cca.wire.Rmi;
import org.enclosure.cca.wire.RttEntry;
import org.enclosure.spi.PhysicalMemory;

/// RMI_DATA_CREATE, RMI_DATA_CREATE_UNKNOWN, RMI_DATA_DESTROY: pages of the protected half (RMM specification 1.0, B4.3).
public final class DataCommands {
    private static final long PA_LIMIT = 1L << 48;
    private static final long MEASURED = 1;

    private final PhysicalMemory memory;
    private final Granules granules;
    private final Walker walker;
    private final HostMemory host;
    private final Measurements measurements;

    DataCommands(PhysicalMemory memory, Granules granules, Walker walker, HostMemory host) {
        this.memory = memory;
        this.granules = granules;
        this.walker = walker;
        this.host = host;
        measurements = new Measurements(memory);
    }

    /// Adds a page with content to a new realm and measures it.
    public long create(long rd, long data, long ipa, long source, long flags) {
        boolean isLegal = (flags & ~MEASURED) == 0 && granules.is(source, GranuleState.NS) && areGranules(rd, data);
        if (!isLegal) {
            return Rmi.ERROR_INPUT;
        }
        if (!granules.lock(rd, GranuleState.RD)) {
            return Rmi.CONTENDED;
        }
        long status = createLocked(rd, data, ipa, source, flags);
        granules.unlock(rd);
        return status;
    }

    private long createLocked(long rd, long data, long ipa, long source, long flags) {
        if (Rd.state(memory, rd) != Rd.NEW) {
            return Rmi.ERROR_REALM;
        }
        if (!Rd.isProtectedGranule(memory, rd, ipa) || data >= PA_LIMIT) {
            return Rmi.ERROR_INPUT;
        }
        long where = walker.lock(rd, ipa, RttEntry.PAGE_LEVEL);
        if (where == Walker.NOWHERE) {
            return Rmi.CONTENDED;
        }
        if (!isUnassignedPage(where)) {
            return walker.unlock(where, Rmi.rtt(Walker.level(where)));
        }
        if (!host.isAccessible(source) || !granules.turn(data, GranuleState.DELEGATED, GranuleState.DATA)) {
            return walker.unlock(where, Rmi.ERROR_INPUT);
        }
        memory.copy(source, data, Granules.SIZE);
        Rim rim = measurements.initial(rd);
        rim.data(ipa, flags, host.page(data));
        measurements.initial(rd, rim);
        return assign(where, data, Ripas.RAM);
    }

    /// Adds a zero page; the RIPAS stays what it is.
    public long createUnknown(long rd, long data, long ipa) {
        if (!areGranules(rd, data) || !Rd.isProtectedGranule(memory, rd, ipa) || data >= PA_LIMIT) {
            return Rmi.ERROR_INPUT;
        }
        long where = walker.lock(rd, ipa, RttEntry.PAGE_LEVEL);
        if (where == Walker.NOWHERE) {
            return Rmi.CONTENDED;
        }
        if (!isUnassignedPage(where)) {
            return walker.unlock(where, Rmi.rtt(Walker.level(where)));
        }
        if (!granules.turn(data, GranuleState.DELEGATED, GranuleState.DATA)) {
            return walker.unlock(where, Rmi.ERROR_INPUT);
        }
        return assign(where, data, RttEntry.ripas(walker.entry(where)));
    }

    /// Takes a page away and wipes it; `x1` is its granule, `x2` the next IPA with something live. RAM becomes DESTROYED.
    public long destroy(long rd, long ipa, Outputs out) {
        out.clear();
        if (!granules.is(rd, GranuleState.RD) || !Rd.isProtectedGranule(memory, rd, ipa)) {
            return Rmi.ERROR_INPUT;
        }
        long where = walker.lock(rd, ipa, RttEntry.PAGE_LEVEL);
        if (where == Walker.NOWHERE) {
            return Rmi.CONTENDED;
        }
        long entry = walker.entry(where);
        int level = Walker.level(where);
        if (level != RttEntry.PAGE_LEVEL || RttEntry.kind(entry, level) != RttEntry.ASSIGNED) {
            out.x2 = walker.skipNonLive(where, ipa);
            return walker.unlock(where, Rmi.rtt(level));
        }
        boolean wasEmpty = RttEntry.ripas(entry) == Ripas.EMPTY;
        long data = RttEntry.address(entry);
        walker.put(where, RttEntry.unassigned(wasEmpty ? Ripas.EMPTY : Ripas.DESTROYED));
        granules.refer(Walker.table(where), -1);
        out.x1 = data;
        out.x2 = walker.skipNonLive(where, ipa);
        walker.unlock(where);
        memory.zero(data, Granules.SIZE);
        granules.turn(data, GranuleState.DATA, GranuleState.DELEGATED);
        return Rmi.SUCCESS;
    }

    private boolean areGranules(long rd, long data) {
        return granules.is(data, GranuleState.DELEGATED) && granules.is(rd, GranuleState.RD);
    }

    private boolean isUnassignedPage(long where) {
        return Walker.level(where) == RttEntry.PAGE_LEVEL && walker.kind(where) == RttEntry.UNASSIGNED;
    }

    private long assign(long where, long data, int ripas) {
        walker.put(where, RttEntry.assigned(data, ripas, RttEntry.PAGE_LEVEL));
        granules.refer(Walker.table(where), 1);
        return walker.unlock(where, Rmi.SUCCESS);
    }
}
