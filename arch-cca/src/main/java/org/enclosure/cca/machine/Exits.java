package org.enclosure.cca.machine;

import org.enclosure.cca.wire.Esr;
import org.enclosure.cca.wire.Rmi;
import org.enclosure.cca.wire.RunPage;
import org.enclosure.spi.PhysicalMemory;

/// Why a REC leaves: first noted in the REC, then written to the run page (RMM specification 1.0, A4.3.5). The host learns no
/// more of an abort at a protected IPA than its page and level.
public final class Exits {
    private static final long PAGE_OFFSET = Granules.SIZE - 1;

    private final PhysicalMemory memory;
    private final Granules granules;
    private final HostMemory host;

    Exits(PhysicalMemory memory, Granules granules, HostMemory host) {
        this.memory = memory;
        this.granules = granules;
        this.host = host;
    }

    /// Notes an abort at a protected IPA.
    public void protectedAbort(long rec, long ipa, int level, boolean isFetch) {
        sync(rec, Esr.protectedAbort(level, isFetch), 0, Esr.hpfar(ipa));
        memory.putLong(rec + RecLayout.ABORT, RecLayout.ABORT_PROTECTED);
    }

    /// Notes that the RMM could not reach a block that the realm named: as a data abort, with more of the IPA than a page.
    void unreachable(long rec, long ipa, int level) {
        sync(rec, Esr.protectedAbort(level, false), 0, ipa >>> Esr.HPFAR_SHIFT);
        memory.putLong(rec + RecLayout.ABORT, RecLayout.ABORT_PROTECTED);
    }

    /// Notes an abort of an 8-byte load or store at an unprotected IPA, which the host may emulate.
    ///
    /// @param value what is to be stored
    public void unprotectedAbort(long rec, long ipa, int level, boolean isWrite, int register, long value) {
        sync(rec, Esr.unprotectedAbort(level, isWrite), ipa & PAGE_OFFSET, Esr.hpfar(ipa));
        memory.putLong(rec + RecLayout.EXIT_GPRS, isWrite ? value : 0);
        memory.putLong(rec + RecLayout.ABORT, RecLayout.ABORT_EMULATABLE);
        memory.putLong(rec + RecLayout.ABORT_IPA, ipa);
        memory.putLong(rec + RecLayout.ABORT_REGISTER, register);
        memory.putLong(rec + RecLayout.ABORT_IS_STORE, isWrite ? 1 : 0);
    }

    /// Notes a synchronous exception that is no abort.
    void sync(long rec, long esr, long far, long hpfar) {
        note(rec, RunPage.SYNC);
        memory.putLong(rec + RecLayout.ESR, esr);
        memory.putLong(rec + RecLayout.FAR, far);
        memory.putLong(rec + RecLayout.HPFAR, hpfar);
    }

    /// Notes an exit whose record has general registers or the RIPAS request.
    void note(long rec, int reason) {
        memory.putLong(rec + RecLayout.EXIT, reason);
        memory.putLong(rec + RecLayout.ABORT, RecLayout.ABORT_NONE);
        memory.zero(rec + RecLayout.EXIT_GPRS, (long) RunPage.NUM_GPRS * Long.BYTES);
    }

    void gpr(long rec, int register, long value) {
        memory.putLong(rec + RecLayout.EXIT_GPRS + (long) register * Long.BYTES, value);
    }

    /// Takes a running REC out: for the reason that was noted, or else for `reason`.
    ///
    /// @return x0 of REC_ENTER; ERROR_REC if the REC does not run
    public long leave(long rec, int reason) {
        if (!granules.is(rec, GranuleState.REC)) {
            return Rmi.ERROR_INPUT;
        }
        if (granules.references(rec) == 0) {
            return Rmi.ERROR_REC;
        }
        if (memory.getLong(rec + RecLayout.EXIT) == RecLayout.NO_EXIT) {
            note(rec, reason);
        }
        long run = memory.getLong(rec + RecLayout.RUN);
        boolean isWritten = host.isAccessible(run);
        if (isWritten) {
            write(rec, run);
        }
        memory.putLong(rec + RecLayout.EXIT, RecLayout.NO_EXIT);
        granules.refer(rec, -1);
        return isWritten ? Rmi.SUCCESS : Rmi.ERROR_INPUT;
    }

    private void write(long rec, long run) {
        int reason = (int) memory.getLong(rec + RecLayout.EXIT);
        memory.zero(run + RunPage.EXIT, RunPage.EXIT_BYTES);
        memory.putLong(run + RunPage.REASON, reason);
        switch (reason) {
            case RunPage.SYNC -> {
                memory.putLong(run + RunPage.ESR, memory.getLong(rec + RecLayout.ESR));
                memory.putLong(run + RunPage.FAR, memory.getLong(rec + RecLayout.FAR));
                memory.putLong(run + RunPage.HPFAR, memory.getLong(rec + RecLayout.HPFAR));
            }
            case RunPage.RIPAS_CHANGE -> {
                memory.putLong(run + RunPage.RIPAS_BASE, memory.getLong(rec + RecLayout.RIPAS_BASE));
                memory.putLong(run + RunPage.RIPAS_TOP, memory.getLong(rec + RecLayout.RIPAS_TOP));
                memory.putLong(run + RunPage.RIPAS_VALUE, memory.getLong(rec + RecLayout.RIPAS_VALUE));
            }
            case RunPage.HOST_CALL -> memory.putLong(run + RunPage.IMM, memory.getLong(rec + RecLayout.IMM));
            default -> {
                // An interrupt has no more to say; PSCI has only registers.
            }
        }
        memory.copy(rec + RecLayout.EXIT_GPRS, run + RunPage.EXIT_GPRS, (long) RunPage.NUM_GPRS * Long.BYTES);
    }
}
