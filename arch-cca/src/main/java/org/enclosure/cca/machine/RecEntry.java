package org.enclosure.cca.machine;

import org.enclosure.cca.wire.Esr;
import org.enclosure.cca.wire.Ripas;
import org.enclosure.cca.wire.Rmi;
import org.enclosure.cca.wire.Rsi;
import org.enclosure.cca.wire.RunPage;
import org.enclosure.spi.PhysicalMemory;

/// RMI_REC_ENTER up to the point where the realm runs (RMM specification 1.0, B4.3 and A4.3): the checks, then the completion
/// of what made the REC leave. [Exits#leave] is the other end of the call.
public final class RecEntry {
    private static final long INSTRUCTION_BYTES = 4;

    private final PhysicalMemory memory;
    private final Granules granules;
    private final HostMemory host;
    private final Exits exits;
    private final RsiCommands rsi;

    RecEntry(PhysicalMemory memory, Granules granules, HostMemory host, Exits exits, RsiCommands rsi) {
        this.memory = memory;
        this.granules = granules;
        this.host = host;
        this.exits = exits;
        this.rsi = rsi;
    }

    /// Enters a REC. On SUCCESS it runs if [#isRunning]; otherwise it has left again at once. [Step#event] says
    /// what the entry completed.
    ///
    /// @return x0
    public long enter(long rec, long run, Step step) {
        step.clear();
        if (!granules.is(run, GranuleState.NS) || !granules.is(rec, GranuleState.REC)) {
            return Rmi.ERROR_INPUT;
        }
        if (!granules.referFirst(rec, GranuleState.REC)) {
            return granules.references(rec) != 0 ? Rmi.ERROR_REC : Rmi.CONTENDED;
        }
        long status = check(rec, run);
        if (status != Rmi.SUCCESS) {
            granules.refer(rec, -1);
            return status;
        }
        memory.putLong(rec + RecLayout.RUN, run);
        step.event = complete(rec, run, step);
        return step.event == Step.EXIT_AGAIN ? exits.leave(rec, RunPage.SYNC) : Rmi.SUCCESS;
    }

    /// Whether a REC runs.
    public boolean isRunning(long rec) {
        return granules.is(rec, GranuleState.REC) && granules.references(rec) != 0;
    }

    private long check(long rec, long run) {
        if (!host.isAccessible(run)) {
            return Rmi.ERROR_INPUT;
        }
        int state = Rd.state(memory, memory.getLong(rec + RecLayout.RD));
        if (state != Rd.ACTIVE) {
            return state == Rd.NEW ? Rmi.ERROR_REALM : Rmi.SYSTEM_OFF;
        }
        long flags = host.read(run + RunPage.FLAGS);
        boolean answersAbort = (flags & (RunPage.EMULATED_MMIO | RunPage.INJECT_SEA)) != 0;
        boolean isLegal = memory.getLong(rec + RecLayout.RUNNABLE) != 0
                && memory.getLong(rec + RecLayout.COMPLETES) != RecLayout.PSCI_PENDING && isGicLegal(run)
                && (!answersAbort || memory.getLong(rec + RecLayout.ABORT) == RecLayout.ABORT_EMULATABLE);
        return isLegal ? Rmi.SUCCESS : Rmi.ERROR_REC;
    }

    private boolean isGicLegal(long run) {
        boolean isLegal = (host.read(run + RunPage.GIC_HCR) & ~RunPage.GIC_HCR_HOST_BITS) == 0;
        for (int i = 0; i < RunPage.NUM_LRS && isLegal; i++) {
            isLegal = (host.read(run + RunPage.GIC_LRS + (long) i * Long.BYTES) & RunPage.GIC_LR_HW) == 0;
        }
        return isLegal;
    }

    private int complete(long rec, long run, Step step) {
        long flags = host.read(run + RunPage.FLAGS);
        if ((flags & RunPage.INJECT_SEA) != 0) {
            step.far = memory.getLong(rec + RecLayout.ABORT_IPA);
            step.esr = Esr.externalDataAbort((int) memory.getLong(rec + RecLayout.ABORT_REGISTER),
                    memory.getLong(rec + RecLayout.ABORT_IS_STORE) != 0);
            return Step.ABORTED;
        }
        if ((flags & RunPage.EMULATED_MMIO) != 0) {
            return emulated(rec, run, step);
        }
        int completes = (int) memory.getLong(rec + RecLayout.COMPLETES);
        switch (completes) {
            case RecLayout.RIPAS_CHANGE -> ripasChanged(rec, flags, step);
            case RecLayout.HOST_CALL -> {
                step.x[0] = rsi.hostCallReturns(rec, run);
                if (step.x[0] == Rsi.INCOMPLETE) {
                    return Step.EXIT_AGAIN;
                }
            }
            case RecLayout.PSCI_DONE -> step.x[0] = memory.getLong(rec + RecLayout.GPRS);
            default -> {
                return Step.DONE;
            }
        }
        memory.putLong(rec + RecLayout.COMPLETES, RecLayout.NOTHING);
        return Step.COMPLETED;
    }

    private int emulated(long rec, long run, Step step) {
        boolean isStore = memory.getLong(rec + RecLayout.ABORT_IS_STORE) != 0;
        step.value = isStore ? memory.getLong(rec + RecLayout.EXIT_GPRS) : host.read(run + RunPage.ENTRY_GPRS);
        memory.putLong(rec + RecLayout.PC, memory.getLong(rec + RecLayout.PC) + INSTRUCTION_BYTES);
        if (!isStore) {
            long register = memory.getLong(rec + RecLayout.ABORT_REGISTER);
            memory.putLong(rec + RecLayout.GPRS + register * Long.BYTES, step.value);
        }
        return Step.EMULATED;
    }

    private void ripasChanged(long rec, long flags, Step step) {
        long next = memory.getLong(rec + RecLayout.RIPAS_NEXT);
        boolean isRejected = memory.getLong(rec + RecLayout.RIPAS_VALUE) == Ripas.RAM
                && next != memory.getLong(rec + RecLayout.RIPAS_TOP) && (flags & RunPage.RIPAS_REJECT) != 0;
        step.x[0] = Rsi.SUCCESS;
        step.x[1] = next;
        step.x[2] = isRejected ? Rsi.REJECT : Rsi.ACCEPT;
        memory.zero(rec + RecLayout.RIPAS_BASE, RecLayout.HOST_CALL_IPA - RecLayout.RIPAS_BASE);
    }
}
