package org.enclosure.cca.machine;

import org.enclosure.cca.wire.Psci;
import org.enclosure.cca.wire.RecParams;
import org.enclosure.cca.wire.Rmi;
import org.enclosure.cca.wire.RunPage;
import org.enclosure.spi.PhysicalMemory;

/// Power calls of a realm, and RMI_PSCI_COMPLETE with which the host names the REC that one is about (RMM specification 1.0,
/// B6 and B4.3). The host sees the function and, where it must find the target, its MPIDR: no entry point and no context.
public final class PsciCommands {
    private final PhysicalMemory memory;
    private final Granules granules;
    private final Exits exits;

    PsciCommands(PhysicalMemory memory, Granules granules, Exits exits) {
        this.memory = memory;
        this.granules = granules;
        this.exits = exits;
    }

    /// A call of the realm; `x[0]` is the function.
    int call(long rec, long rd, long[] x) {
        if (x[0] == Psci.CPU_ON_64 || x[0] == Psci.CPU_ON_32) {
            return cpuOn(rec, rd, x);
        }
        if (x[0] == Psci.AFFINITY_INFO_64 || x[0] == Psci.AFFINITY_INFO_32) {
            return affinityInfo(rec, rd, x);
        }
        if (x[0] == Psci.CPU_SUSPEND_64 || x[0] == Psci.CPU_SUSPEND_32) {
            exit(rec, x[0], 0);
            complete(rec, Psci.SUCCESS);
            return Step.EXIT_PENDING;
        }
        if (x[0] == Psci.CPU_OFF) {
            memory.putLong(rec + RecLayout.RUNNABLE, 0);
            exit(rec, x[0], 0);
            return Step.EXIT_DONE;
        }
        if (x[0] == Psci.SYSTEM_OFF || x[0] == Psci.SYSTEM_RESET) {
            Rd.setState(memory, rd, Rd.SYSTEM_OFF);
            exit(rec, x[0], 0);
            return Step.EXIT_DONE;
        }
        x[0] = immediate(x[0], x[1]);
        return Step.DONE;
    }

    private static long immediate(long function, long argument) {
        if (function == Psci.VERSION) {
            return Psci.VERSION_1_1;
        }
        if (function == Psci.SMCCC_VERSION) {
            return Psci.SMCCC_1_2;
        }
        return function == Psci.FEATURES && isKnown(argument) ? Psci.SUCCESS : Psci.NOT_SUPPORTED;
    }

    private static boolean isKnown(long function) {
        return function == Psci.VERSION || function == Psci.CPU_SUSPEND_32 || function == Psci.CPU_SUSPEND_64
                || function == Psci.CPU_OFF || function == Psci.CPU_ON_32 || function == Psci.CPU_ON_64
                || function == Psci.AFFINITY_INFO_32 || function == Psci.AFFINITY_INFO_64
                || function == Psci.SYSTEM_OFF || function == Psci.SYSTEM_RESET || function == Psci.FEATURES
                || function == Psci.SMCCC_VERSION;
    }

    private int cpuOn(long rec, long rd, long[] x) {
        long target = RecParams.index(x[1]);
        long refusal = Psci.SUCCESS;
        if (!Rd.isProtected(memory, rd, x[2])) {
            refusal = Psci.INVALID_ADDRESS;
        } else if (!exists(rd, target)) {
            refusal = Psci.INVALID_PARAMETERS;
        } else if (target == memory.getLong(rec + RecLayout.INDEX)) {
            refusal = Psci.ALREADY_ON;
        }
        if (refusal != Psci.SUCCESS) {
            x[0] = refusal;
            return Step.DONE;
        }
        memory.putLong(rec + RecLayout.PSCI_ENTRY, x[2]);
        memory.putLong(rec + RecLayout.PSCI_CONTEXT, x[3]);
        return ask(rec, x, target);
    }

    private int affinityInfo(long rec, long rd, long[] x) {
        long target = RecParams.index(x[1]);
        if (x[2] != 0 || !exists(rd, target)) {
            x[0] = Psci.INVALID_PARAMETERS;
            return Step.DONE;
        }
        if (target == memory.getLong(rec + RecLayout.INDEX)) {
            x[0] = Psci.SUCCESS;
            return Step.DONE;
        }
        return ask(rec, x, target);
    }

    private boolean exists(long rd, long index) {
        return index >= 0 && index < memory.getLong(rd + Rd.NEXT_REC);
    }

    private int ask(long rec, long[] x, long target) {
        memory.putLong(rec + RecLayout.PSCI_FUNCTION, x[0]);
        memory.putLong(rec + RecLayout.PSCI_TARGET, target);
        memory.putLong(rec + RecLayout.COMPLETES, RecLayout.PSCI_PENDING);
        exit(rec, x[0], x[1]);
        return Step.EXIT_PENDING;
    }

    private void exit(long rec, long function, long argument) {
        exits.note(rec, RunPage.PSCI);
        exits.gpr(rec, 0, function);
        exits.gpr(rec, 1, argument);
    }

    /// RMI_PSCI_COMPLETE: the host names the target of a pending call and says what it thinks of it.
    public long complete(long calling, long target, long status) {
        boolean isLegal = calling != target && granules.is(calling, GranuleState.REC)
                && granules.is(target, GranuleState.REC) && (status == Psci.SUCCESS || status == Psci.DENIED)
                && memory.getLong(calling + RecLayout.COMPLETES) == RecLayout.PSCI_PENDING
                && memory.getLong(calling + RecLayout.RD) == memory.getLong(target + RecLayout.RD)
                && memory.getLong(calling + RecLayout.PSCI_TARGET) == memory.getLong(target + RecLayout.INDEX);
        if (!isLegal) {
            return Rmi.ERROR_INPUT;
        }
        boolean isOn = granules.references(target) != 0 || memory.getLong(target + RecLayout.RUNNABLE) != 0;
        long function = memory.getLong(calling + RecLayout.PSCI_FUNCTION);
        boolean isCpuOn = function == Psci.CPU_ON_64 || function == Psci.CPU_ON_32;
        // A host may deny only what has not come true already, and only to switch a processor on.
        if (status == Psci.DENIED && (isOn || !isCpuOn)) {
            return Rmi.ERROR_INPUT;
        }
        complete(calling, isCpuOn ? switchOn(calling, target, isOn, status) : isOn ? Psci.SUCCESS : Psci.OFF);
        return Rmi.SUCCESS;
    }

    private long switchOn(long calling, long target, boolean isOn, long status) {
        if (isOn) {
            return Psci.ALREADY_ON;
        }
        if (status == Psci.SUCCESS) {
            memory.putLong(target + RecLayout.PC, memory.getLong(calling + RecLayout.PSCI_ENTRY));
            memory.putLong(target + RecLayout.GPRS, memory.getLong(calling + RecLayout.PSCI_CONTEXT));
            memory.putLong(target + RecLayout.RUNNABLE, 1);
        }
        return status;
    }

    private void complete(long rec, long result) {
        memory.putLong(rec + RecLayout.GPRS, result);
        memory.putLong(rec + RecLayout.COMPLETES, RecLayout.PSCI_DONE);
    }
}
