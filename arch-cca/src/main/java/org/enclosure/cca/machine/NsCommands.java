package org.enclosure.cca.machine;

import org.enclosure.cca.wire.Rmi;
import org.enclosure.cca.wire.RttEntry;
import org.enclosure.spi.PhysicalMemory;

/// RMI_RTT_MAP_UNPROTECTED and RMI_RTT_UNMAP_UNPROTECTED: the host's memory in the upper half (RMM specification 1.0, B4.3).
/// No reference to the mapped granule is kept: the granule protection table decides at each access.
public final class NsCommands {
    private final PhysicalMemory memory;
    private final Granules granules;
    private final Walker walker;

    NsCommands(PhysicalMemory memory, Granules granules, Walker walker) {
        this.memory = memory;
        this.granules = granules;
        this.walker = walker;
    }

    /// Maps a page or block of the host.
    public long map(long rd, long ipa, long level, long descriptor) {
        if (!isLevel(level) || !granules.is(rd, GranuleState.RD)
                || !RttEntry.isHostDescriptor(descriptor, (int) level) || !isUnprotected(rd, ipa, level)) {
            return Rmi.ERROR_INPUT;
        }
        long where = walker.lock(rd, ipa, (int) level);
        if (where == Walker.NOWHERE) {
            return Rmi.CONTENDED;
        }
        if (Walker.level(where) != level || walker.kind(where) != RttEntry.NS_UNASSIGNED) {
            return walker.unlock(where, Rmi.rtt(Walker.level(where)));
        }
        walker.put(where, RttEntry.assignedNs(descriptor, (int) level));
        return walker.unlock(where, Rmi.SUCCESS);
    }

    /// Removes a mapping; `x1` is the next IPA with something live.
    public long unmap(long rd, long ipa, long level, Outputs out) {
        out.clear();
        if (!isLevel(level) || !granules.is(rd, GranuleState.RD) || !isUnprotected(rd, ipa, level)) {
            return Rmi.ERROR_INPUT;
        }
        long where = walker.lock(rd, ipa, (int) level);
        if (where == Walker.NOWHERE) {
            return Rmi.CONTENDED;
        }
        boolean isMapped = Walker.level(where) == level && walker.kind(where) == RttEntry.NS_ASSIGNED;
        if (isMapped) {
            walker.put(where, RttEntry.UNASSIGNED_NS);
        }
        out.x1 = walker.skipNonLive(where, ipa);
        return walker.unlock(where, isMapped ? Rmi.SUCCESS : Rmi.rtt(Walker.level(where)));
    }

    private static boolean isLevel(long level) {
        return level >= 1 && level <= RttEntry.PAGE_LEVEL;
    }

    private boolean isUnprotected(long rd, long ipa, long level) {
        return level >= Rd.startLevel(memory, rd) && (ipa & RttEntry.size((int) level) - 1) == 0
                && Long.compareUnsigned(ipa, Rd.limit(memory, rd)) < 0 && !Rd.isProtected(memory, rd, ipa);
    }
}
