package org.enclosure.cca.machine;

import org.enclosure.cca.wire.Features;
import org.enclosure.cca.wire.Rmi;
import org.enclosure.spi.PhysicalMemory;

/// One machine with RME: EL3, the RMM, and the processors of its realms. Any thread may call any command; what two of them
/// change at once is serialised by the locks of [Granules].
public final class Rmm {
    /// Commands on granules.
    public final GranuleCommands granule;
    /// Commands on realms.
    public final RealmCommands realm;
    /// Commands on RECs.
    public final RecCommands rec;
    /// Entry into a REC.
    public final RecEntry entry;
    /// Exits of RECs.
    public final Exits exits;
    /// Commands on translation tables.
    public final RttCommands rtt;
    /// Commands on the unprotected half.
    public final NsCommands ns;
    /// Commands on pages of a realm.
    public final DataCommands data;
    /// Commands on RIPAS.
    public final RipasCommands ripas;
    /// Power calls.
    public final PsciCommands psci;
    /// SMCs of realms.
    public final RsiCommands rsi;
    /// Actions of realm processors.
    public final RealmCpu cpu;
    /// Stage 2 with the granule protection check.
    public final Translation translation;
    /// Reads of tables.
    public final Inspection inspection;
    /// The monitor.
    public final El3 el3;
    /// The granule protection table.
    public final Gpt gpt;
    /// The states of granules.
    public final Granules granules;
    /// The host's memory.
    public final HostMemory host;
    /// Measurements of realms.
    public final Measurements measurements;
    /// All of memory.
    public final PhysicalMemory memory;

    /// Builds a machine.
    ///
    /// @param ram first and last granule address of each range of RAM, in pairs
    /// @param limit one behind the last granule number
    /// @param profile the version of the RMM
    public Rmm(PhysicalMemory memory, long[] ram, long limit, Profile profile) {
        this.memory = memory;
        gpt = new Gpt(limit);
        granules = new Granules(memory, ram, limit);
        el3 = new El3(gpt, granules);
        host = new HostMemory(memory, gpt, granules);
        measurements = new Measurements(memory);
        Walker walker = new Walker(memory, granules);
        inspection = new Inspection(memory, walker);
        translation = new Translation(memory, walker, gpt);
        exits = new Exits(memory, granules, host);
        granule = new GranuleCommands(memory, granules, el3);
        realm = new RealmCommands(memory, granules, host, profile);
        rec = new RecCommands(memory, granules, host);
        rtt = new RttCommands(memory, granules, walker, profile);
        ns = new NsCommands(memory, granules, walker);
        data = new DataCommands(memory, granules, walker, host);
        ripas = new RipasCommands(memory, granules, walker, profile);
        psci = new PsciCommands(memory, granules, exits);
        rsi = new RsiCommands(memory, walker, translation, exits, host, psci);
        entry = new RecEntry(memory, granules, host, exits, rsi);
        cpu = new RealmCpu(memory, translation, exits);
    }

    /// RMI_VERSION; `x1` and `x2` are set whatever was asked for.
    public long version(long requested, Outputs out) {
        out.clear();
        out.x1 = Rmi.VERSION_1_0;
        out.x2 = Rmi.VERSION_1_0;
        return requested == Rmi.VERSION_1_0 ? Rmi.SUCCESS : Rmi.ERROR_INPUT;
    }

    /// RMI_FEATURES; registers that there are not read as zero.
    public long features(long index, Outputs out) {
        out.clear();
        out.x1 = index == 0 ? Features.REGISTER_0 : 0;
        return Rmi.SUCCESS;
    }
}
