package org.enclosure.cca;

import static org.enclosure.tck.plugin.MachineTable.FIRST_TWO;

import org.enclosure.spi.OperationCall;
import org.enclosure.tck.plugin.MachineCall;
import org.enclosure.tck.plugin.MachineTable;

/// Which methods of RMM and monitor are which commands.
final class CcaMachine {
    /// Number of the argument that says it.
    private static final int IS_FETCH = 3;
    private static final int IS_WRITE = 3;
    private static final int LAST_REGISTER = 10;

    static final MachineTable TABLE = MachineTable.of("org.enclosure.cca.machine")
            .operation("GranuleCommands.delegate", "RMI_GRANULE_DELEGATE")
            .operation("GranuleCommands.undelegate", "RMI_GRANULE_UNDELEGATE")
            .operation("DataCommands.create", "RMI_DATA_CREATE")
            .operation("DataCommands.createUnknown", "RMI_DATA_CREATE_UNKNOWN")
            .operation("DataCommands.destroy", "RMI_DATA_DESTROY")
            .operation("RttCommands.create", "RMI_RTT_CREATE").operation("RttCommands.destroy", "RMI_RTT_DESTROY")
            .operation("RttCommands.fold", "RMI_RTT_FOLD").operation("NsCommands.map", "RMI_RTT_MAP_UNPROTECTED")
            .operation("NsCommands.unmap", "RMI_RTT_UNMAP_UNPROTECTED")
            .operation("RipasCommands.init", "RMI_RTT_INIT_RIPAS").operation("RipasCommands.set", "RMI_RTT_SET_RIPAS")
            .operation("RealmCommands.create", "RMI_REALM_CREATE")
            .operation("RealmCommands.activate", "RMI_REALM_ACTIVATE")
            .operation("RealmCommands.destroy", "RMI_REALM_DESTROY").operation("RecCommands.create", "RMI_REC_CREATE")
            .operation("RecCommands.destroy", "RMI_REC_DESTROY").operation("PsciCommands.complete", "RMI_PSCI_COMPLETE")
            .operation("RecEntry.enter", "REC.ENTER").operation("Exits.leave", "REC.LEAVE")
            .operation("HostMemory.write", "HOST.WRITE64").operation("HostMemory.zero", "HOST.ZERO")
            .operation("RealmCpu.wfi", "REALM.WFI").operation("RsiCommands.call", "REALM.RSI", CcaMachine::realmCall)
            .operation("Exits.protectedAbort", call -> call.number(IS_FETCH) == 1 ? "REALM.IF" : "REALM.LD", FIRST_TWO)
            .operation("Exits.unprotectedAbort", call -> call.number(IS_WRITE) == 1 ? "REALM.ST" : "REALM.LD",
                    FIRST_TWO)
            .inspection("STATE.GRANULE", "state", "refcount", "pas");

    private CcaMachine() {
    }

    /// The realm's registers are the operands.
    private static void realmCall(MachineCall from, OperationCall to) {
        to.in(0, from.number(0));
        for (int register = 0; register <= LAST_REGISTER; register++) {
            to.in(1 + register, from.words("x")[register]);
        }
    }
}
