package org.enclosure.cca.machine;

import org.enclosure.cca.wire.RecParams;
import org.enclosure.cca.wire.Rmi;
import org.enclosure.spi.PhysicalMemory;

/// RMI_REC_CREATE, RMI_REC_DESTROY, RMI_REC_AUX_COUNT (RMM specification 1.0, B4.3).
public final class RecCommands {
    private final PhysicalMemory memory;
    private final Granules granules;
    private final HostMemory host;
    private final Measurements measurements;

    RecCommands(PhysicalMemory memory, Granules granules, HostMemory host) {
        this.memory = memory;
        this.granules = granules;
        this.host = host;
        measurements = new Measurements(memory);
    }

    /// How many auxiliary granules a REC of a realm needs, in `x1`.
    public long auxCount(long rd, Outputs out) {
        out.clear();
        if (!granules.is(rd, GranuleState.RD)) {
            return Rmi.ERROR_INPUT;
        }
        out.x1 = RecParams.MAX_AUX;
        return Rmi.SUCCESS;
    }

    /// Adds a REC to a new realm; a runnable one is measured.
    public long create(long rd, long rec, long params) {
        if (!granules.is(params, GranuleState.NS) || !host.isAccessible(params)) {
            return Rmi.ERROR_INPUT;
        }
        long count = host.read(params + RecParams.NUM_AUX);
        if (count < 0 || count > RecParams.MAX_AUX) {
            return Rmi.ERROR_INPUT;
        }
        long[] aux = new long[(int) count];
        for (int i = 0; i < count; i++) {
            aux[i] = host.read(params + RecParams.AUX + (long) i * Long.BYTES);
        }
        if (!areFree(aux, rec) || !granules.is(rec, GranuleState.DELEGATED) || !granules.is(rd, GranuleState.RD)) {
            return Rmi.ERROR_INPUT;
        }
        if (!granules.lock(rd, GranuleState.RD)) {
            return Rmi.CONTENDED;
        }
        long status = createLocked(rd, rec, params, aux);
        granules.unlock(rd);
        return status;
    }

    private long createLocked(long rd, long rec, long params, long[] aux) {
        if (Rd.state(memory, rd) != Rd.NEW) {
            return Rmi.ERROR_REALM;
        }
        long index = memory.getLong(rd + Rd.NEXT_REC);
        long flags = host.read(params + RecParams.FLAGS);
        if (RecParams.index(host.read(params + RecParams.MPIDR)) != index || aux.length != RecParams.MAX_AUX
                || !take(rec, aux)) {
            return Rmi.ERROR_INPUT;
        }
        long pc = host.read(params + RecParams.PC);
        long[] gprs = new long[RecParams.NUM_GPRS];
        for (int i = 0; i < gprs.length; i++) {
            gprs[i] = host.read(params + RecParams.GPRS + (long) i * Long.BYTES);
            memory.putLong(rec + RecLayout.GPRS + (long) i * Long.BYTES, gprs[i]);
        }
        memory.putLong(rec + RecLayout.RD, rd);
        memory.putLong(rec + RecLayout.INDEX, index);
        memory.putLong(rec + RecLayout.RUNNABLE, flags & RecParams.RUNNABLE);
        memory.putLong(rec + RecLayout.PC, pc);
        memory.putLong(rec + RecLayout.EXIT, RecLayout.NO_EXIT);
        for (int i = 0; i < aux.length; i++) {
            memory.putLong(rec + RecLayout.AUX + (long) i * Long.BYTES, aux[i]);
        }
        memory.putLong(rd + Rd.NEXT_REC, index + 1);
        granules.refer(rd, 1);
        if ((flags & RecParams.RUNNABLE) != 0) {
            Rim rim = measurements.initial(rd);
            rim.rec(flags, pc, gprs);
            measurements.initial(rd, rim);
        }
        return Rmi.SUCCESS;
    }

    /// Takes a REC away that does not run, in whatever state its realm is.
    public long destroy(long rec) {
        if (!granules.is(rec, GranuleState.REC)) {
            return Rmi.ERROR_INPUT;
        }
        if (granules.references(rec) != 0) {
            return Rmi.ERROR_REC;
        }
        if (!granules.lock(rec, GranuleState.REC)) {
            return Rmi.CONTENDED;
        }
        long rd = memory.getLong(rec + RecLayout.RD);
        for (int i = 0; i < RecParams.MAX_AUX; i++) {
            long aux = memory.getLong(rec + RecLayout.AUX + (long) i * Long.BYTES);
            memory.zero(aux, Granules.SIZE);
            granules.turn(aux, GranuleState.REC_AUX, GranuleState.DELEGATED);
        }
        memory.zero(rec, Granules.SIZE);
        granules.unlock(rec, GranuleState.DELEGATED, 0);
        granules.refer(rd, -1);
        return Rmi.SUCCESS;
    }

    private boolean areFree(long[] aux, long rec) {
        for (int i = 0; i < aux.length; i++) {
            if (aux[i] == rec || !granules.is(aux[i], GranuleState.DELEGATED)) {
                return false;
            }
            for (int j = 0; j < i; j++) {
                if (aux[j] == aux[i]) {
                    return false;
                }
            }
        }
        return true;
    }

    /// Takes the REC's granule and all auxiliary ones, or none.
    private boolean take(long rec, long[] aux) {
        int taken = 0;
        while (taken < aux.length && granules.turn(aux[taken], GranuleState.DELEGATED, GranuleState.REC_AUX)) {
            taken++;
        }
        if (taken == aux.length && granules.turn(rec, GranuleState.DELEGATED, GranuleState.REC)) {
            return true;
        }
        for (int i = 0; i < taken; i++) {
            granules.turn(aux[i], GranuleState.REC_AUX, GranuleState.DELEGATED);
        }
        return false;
    }
}
