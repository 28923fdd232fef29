package org.enclosure.cca.machine;

import java.util.concurrent.atomic.AtomicLongArray;

import org.enclosure.cca.wire.Features;
import org.enclosure.cca.wire.RealmParams;
import org.enclosure.cca.wire.Rmi;
import org.enclosure.cca.wire.RttEntry;
import org.enclosure.spi.PhysicalMemory;

/// RMI_REALM_CREATE, RMI_REALM_ACTIVATE, RMI_REALM_DESTROY (RMM specification 1.0, B4.3).
public final class RealmCommands {
    private static final int VMIDS = 1 << 16;

    private final PhysicalMemory memory;
    private final Granules granules;
    private final HostMemory host;
    private final Measurements measurements;
    private final Profile profile;
    /// A bit per VMID in use.
    private final AtomicLongArray vmids = new AtomicLongArray(VMIDS / Long.SIZE);

    RealmCommands(PhysicalMemory memory, Granules granules, HostMemory host, Profile profile) {
        this.memory = memory;
        this.granules = granules;
        this.host = host;
        this.profile = profile;
        measurements = new Measurements(memory);
    }

    /// Creates a realm from a page of parameters.
    public long create(long rd, long params) {
        if (!granules.is(params, GranuleState.NS) || !host.isAccessible(params)) {
            return Rmi.ERROR_INPUT;
        }
        long flags = host.read(params + RealmParams.FLAGS);
        int width = (int) host.read(params + RealmParams.S2SZ);
        int sveVl = (int) host.read(params + RealmParams.SVE_VL);
        int numBps = (int) host.read(params + RealmParams.NUM_BPS);
        int numWps = (int) host.read(params + RealmParams.NUM_WPS);
        int counters = (int) host.read(params + RealmParams.PMU_NUM_CTRS);
        int hash = (int) host.read(params + RealmParams.HASH) & 0xff;
        long level = host.read(params + RealmParams.RTT_LEVEL_START);
        long tables = host.read(params + RealmParams.RTT_NUM_START) & 0xffff_ffffL;
        long base = host.read(params + RealmParams.RTT_BASE);
        int vmid = (int) host.read(params + RealmParams.VMID) & VMIDS - 1;
        boolean isLegal = areFeatures(flags, width, sveVl, numBps, numWps, counters)
                && StartLevel.isLegal(level, width) && tables == StartLevel.tables((int) level, width)
                && (hash == RealmParams.SHA_256 || hash == RealmParams.SHA_512) && isFree(vmid)
                && !isInside(rd, base, tables) && isBase(base, tables);
        if (!isLegal || !takeVmid(vmid)) {
            return Rmi.ERROR_INPUT;
        }
        if (!takeGranules(rd, base, tables)) {
            freeVmid(vmid);
            return Rmi.ERROR_INPUT;
        }
        memory.putLong(rd + Rd.WIDTH, width);
        memory.putLong(rd + Rd.ROOT, base | level);
        memory.putLong(rd + Rd.TABLES, tables);
        memory.putLong(rd + Rd.VMID, vmid);
        memory.putLong(rd + Rd.HASH, hash);
        memory.copy(params + RealmParams.RPV, rd + Rd.RPV, RealmParams.RPV_BYTES);
        fillRoot(base, (int) level, width, tables);
        Rim rim = new Rim(hash);
        rim.realm(flags, width, sveVl, numBps, numWps, counters, hash);
        measurements.initial(rd, rim);
        return Rmi.SUCCESS;
    }

    /// Makes a new realm one that can run and that no page can be measured into any more.
    public long activate(long rd) {
        if (!granules.is(rd, GranuleState.RD)) {
            return Rmi.ERROR_INPUT;
        }
        if (!granules.lock(rd, GranuleState.RD)) {
            return Rmi.CONTENDED;
        }
        boolean isNew = Rd.state(memory, rd) == Rd.NEW;
        if (isNew) {
            Rd.setState(memory, rd, Rd.ACTIVE);
        }
        granules.unlock(rd);
        return isNew ? Rmi.SUCCESS : Rmi.ERROR_REALM;
    }

    /// Destroys a realm without RECs whose start-level tables are not live.
    public long destroy(long rd) {
        if (!granules.is(rd, GranuleState.RD)) {
            return Rmi.ERROR_INPUT;
        }
        long base = memory.getLong(rd + Rd.ROOT) & RttEntry.ADDRESS;
        long tables = memory.getLong(rd + Rd.TABLES);
        if (granules.references(rd) != 0) {
            return Rmi.ERROR_REALM;
        }
        for (long table = base; table < base + tables * Granules.SIZE; table += Granules.SIZE) {
            if (granules.references(table) != 0) {
                return Rmi.ERROR_REALM;
            }
        }
        int vmid = (int) memory.getLong(rd + Rd.VMID);
        if (!granules.lock(rd, GranuleState.RD)) {
            return Rmi.CONTENDED;
        }
        release(base, tables, GranuleState.RTT);
        memory.zero(rd, Granules.SIZE);
        granules.unlock(rd, GranuleState.DELEGATED, 0);
        freeVmid(vmid);
        return Rmi.SUCCESS;
    }

    private static boolean areFeatures(long flags, int width, int sveVl, int numBps, int numWps, int counters) {
        boolean isSve = (flags & RealmParams.SVE) == 0 || Features.sve() && sveVl >= 0 && sveVl <= Features.sveVl();
        // Without HPMN0 a realm with a PMU has at least one counter.
        boolean isPmu = (flags & RealmParams.PMU) == 0
                || Features.pmu() && counters > 0 && counters <= Features.pmuCounters();
        return ((flags & RealmParams.LPA2) == 0 || Features.lpa2())
                && width >= StartLevel.Constants.MIN_WIDTH && width <= Features.s2sz()
                && numBps > 0 && numBps <= Features.numBps() && numWps > 0 && numWps <= Features.numWps()
                && isSve && isPmu;
    }

    private boolean isBase(long base, long tables) {
        return profile != Profile.RMM_1_1 || (base & tables * Granules.SIZE - 1) == 0;
    }

    private static boolean isInside(long rd, long base, long tables) {
        return rd >= base && rd < base + tables * Granules.SIZE;
    }

    /// Takes the descriptor and all start-level tables, or none.
    private boolean takeGranules(long rd, long base, long tables) {
        long taken = 0;
        while (taken < tables && isDelegated(base + taken * Granules.SIZE)
                && granules.turn(base + taken * Granules.SIZE, GranuleState.DELEGATED, GranuleState.RTT)) {
            taken++;
        }
        if (taken == tables && isDelegated(rd) && granules.turn(rd, GranuleState.DELEGATED, GranuleState.RD)) {
            return true;
        }
        release(base, taken, GranuleState.RTT);
        return false;
    }

    private boolean isDelegated(long pa) {
        return granules.is(pa, GranuleState.DELEGATED);
    }

    private void release(long base, long tables, int state) {
        for (long table = base; table < base + tables * Granules.SIZE; table += Granules.SIZE) {
            memory.zero(table, Granules.SIZE);
            granules.turn(table, state, GranuleState.DELEGATED);
        }
    }

    /// The upper half of the IPA space starts as the host's.
    private void fillRoot(long base, int level, int width, long tables) {
        long first = 1L << width - 1 >>> RttEntry.shift(level);
        for (long index = first; index < tables * RttEntry.ENTRIES; index++) {
            memory.putLong(base + index * Long.BYTES, RttEntry.UNASSIGNED_NS);
        }
    }

    private boolean isFree(int vmid) {
        return (vmids.get(vmid / Long.SIZE) & 1L << vmid) == 0;
    }

    private boolean takeVmid(int vmid) {
        long bit = 1L << vmid;
        return (vmids.getAndUpdate(vmid / Long.SIZE, word -> word | bit) & bit) == 0;
    }

    private void freeVmid(int vmid) {
        vmids.getAndUpdate(vmid / Long.SIZE, word -> word & ~(1L << vmid));
    }
}
