package org.enclosure.cca.machine;

import org.enclosure.cca.wire.Rmi;
import org.enclosure.spi.PhysicalMemory;

/// RMI_GRANULE_DELEGATE and RMI_GRANULE_UNDELEGATE (RMM specification 1.0, B4.3).
public final class GranuleCommands {
    private final PhysicalMemory memory;
    private final Granules granules;
    private final El3 el3;

    GranuleCommands(PhysicalMemory memory, Granules granules, El3 el3) {
        this.memory = memory;
        this.granules = granules;
        this.el3 = el3;
    }

    /// Makes a granule of the host the RMM's. It leaves the host's reach first and is wiped then.
    public long delegate(long pa) {
        if (!granules.is(pa, GranuleState.NS)) {
            return Rmi.ERROR_INPUT;
        }
        if (!granules.lock(pa, GranuleState.NS)) {
            return granules.state(pa) == GranuleState.NS ? Rmi.CONTENDED : Rmi.ERROR_INPUT;
        }
        if (el3.delegate(pa) != El3.OK) {
            granules.unlock(pa);
            return Rmi.ERROR_INPUT;
        }
        memory.zero(pa, Granules.SIZE);
        granules.unlock(pa, GranuleState.DELEGATED, 0);
        return Rmi.SUCCESS;
    }

    /// Gives an unused granule, which is zero, back to the host.
    public long undelegate(long pa) {
        if (!granules.is(pa, GranuleState.DELEGATED)) {
            return Rmi.ERROR_INPUT;
        }
        if (!granules.lock(pa, GranuleState.DELEGATED)) {
            return granules.state(pa) == GranuleState.DELEGATED ? Rmi.CONTENDED : Rmi.ERROR_INPUT;
        }
        if (el3.undelegate(pa) != El3.OK) {
            granules.unlock(pa);
            return Rmi.ERROR_INPUT;
        }
        granules.unlock(pa, GranuleState.NS, 0);
        return Rmi.SUCCESS;
    }
}
