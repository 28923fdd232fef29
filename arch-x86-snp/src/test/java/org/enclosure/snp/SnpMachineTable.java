package org.enclosure.snp;

import static org.enclosure.tck.plugin.MachineTable.PFN_FIRST;

import org.enclosure.snp.machine.Outcome;
import org.enclosure.snp.wire.RmpState;
import org.enclosure.spi.OperationCall;
import org.enclosure.tck.plugin.MachineCall;
import org.enclosure.tck.plugin.MachineTable;

/// Which methods of processor and firmware are which instructions and commands.
final class SnpMachineTable {
    static final MachineTable TABLE = MachineTable.of("org.enclosure.snp.machine")
            .operation("HostInstructions.rmpupdate", "RMPUPDATE", SnpMachineTable::rmpupdate)
            .operation("HostInstructions.psmash", "PSMASH")
            .operation("HostInstructions.assign", "HOST.ASSIGN", PFN_FIRST)
            .operation("HostInstructions.release", "HOST.RELEASE", PFN_FIRST)
            .operation("VcpuPages.use",
                    call -> call.number(1) == 1 ? "TEST.MARK_IN_USE" : "TEST.CLEAR_IN_USE",
                    (from, to) -> to.in(0, from.number(0)))
            .operation("VcpuPages.vmrun", call -> "VMRUN", MachineTable.IN_ORDER, SnpMachineTable::result)
            .operation("GuestInstructions.pvalidate", call -> "PVALIDATE", SnpMachineTable::pvalidate,
                    SnpMachineTable::result)
            .operation("GuestInstructions.rmpadjust", call -> "RMPADJUST", SnpMachineTable::rmpadjust,
                    SnpMachineTable::result)
            .operation("SecureProcessor.createGuest", "SNP_GCTX_CREATE")
            .operation("SecureProcessor.decommission", "SNP_DECOMMISSION")
            .operation("SecureProcessor.launchStart", "SNP_LAUNCH_START")
            .operation("SecureProcessor.activate", "SNP_ACTIVATE")
            .operation("SecureProcessor.launchUpdate", "SNP_LAUNCH_UPDATE")
            .operation("SecureProcessor.launchFinish", "SNP_LAUNCH_FINISH")
            .operation("FirmwarePages.reclaim", "SNP_PAGE_RECLAIM")
            .operation("KeyTable.take", "SEV.KEY.TAKE", PFN_FIRST)
            .operation("KeyTable.leave", "SEV.KEY.LEAVE", PFN_FIRST)
            .operation("KeyTable.lookAgain", "SEV.KEY.LOOK", PFN_FIRST)
            .operation("KeyTable.expose", "SEV.KEY.EXPOSE", PFN_FIRST)
            .inspection("STATE.RMP", "page_state", "lo", "hi").inspection("STATE.SEV_KEY", "asid");

    private SnpMachineTable() {
    }

    private static void rmpupdate(MachineCall from, OperationCall to) {
        long high = from.number(2);
        long[] operands = {from.number(0), RmpState.isAssigned(high) ? 1 : 0, RmpState.isLarge(high) ? 1 : 0,
                RmpState.isImmutable(high) ? 1 : 0, from.number(1), RmpState.asid(high), from.number(3)};
        set(to, operands);
    }

    private static void pvalidate(MachineCall from, OperationCall to) {
        set(to, from.number(0), 0, 0, 1, from.number(1), from.number(2), from.number(3), from.number(4));
    }

    private static void rmpadjust(MachineCall from, OperationCall to) {
        set(to, from.number(0), from.number(1), 0, 1, from.number(2), from.number(3), from.number(4), from.number(5),
                from.number(6), from.number(7));
    }

    private static void set(OperationCall to, long... operands) {
        for (int i = 0; i < operands.length; i++) {
            to.in(i, operands[i]);
        }
    }

    private static long result(long outcome) {
        return Outcome.kind(outcome) == Outcome.DONE ? Outcome.eax(outcome) : 0x100 + Outcome.kind(outcome);
    }
}
