package org.enclosure.tdx.machine;

import org.enclosure.spi.PhysicalMemory;
import org.enclosure.tdx.wire.Attributes;
import org.enclosure.tdx.wire.MrtdStream;
import org.enclosure.tdx.wire.OpState;
import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.SeptState;
import org.enclosure.tdx.wire.TdxStatus;

/// The SEAMCALL leaves that read and write private bytes: TDH.MEM.RD and WR for debuggers, TDH.MR.EXTEND and FINALIZE for the
/// measurement.
public final class DataLeaves {
    private final PhysicalMemory memory;
    private final TdControl control;
    private final LeafChecks checks;
    private final Measurements measurements;
    private final HostLines lines;

    DataLeaves(PhysicalMemory memory, TdControl control, LeafChecks checks, Measurements measurements,
            HostLines lines) {
        this.memory = memory;
        this.control = control;
        this.checks = checks;
        this.measurements = measurements;
        this.lines = lines;
    }

    /// TDH.MEM.RD: reads 8 bytes of a debug TD into R8.
    ///
    /// @param rcx guest address, a multiple of 8
    /// @param rdx TD
    public long read(long rcx, long rdx, LeafCall call) {
        return checks.end(readLocked(HostLeaf.MEM_RD, rcx, rdx, call), call);
    }

    private long readLocked(HostLeaf leaf, long rcx, long rdx, LeafCall call) {
        long status = checks.td(leaf, rdx, OperandId.RDX, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        if ((control.attributes(rdx) & Attributes.DEBUG) == 0) {
            return TdxStatus.TD_NON_DEBUG;
        }
        status = checks.present(leaf, rcx, Long.BYTES, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        if (!leaf.isAllowedOn(SeptEntry.state(call.entry))) {
            return LeafChecks.shown(TdxStatus.of(TdxStatus.EPT_ENTRY_STATE_INCORRECT, OperandId.RCX), call);
        }
        long pa = Sept.address(call.entry, call.level, rcx);
        if (lines.isPoisoned(pa)) {
            control.kill(rdx);
            return TdxStatus.TD_FATAL;
        }
        call.r8 = memory.getLong(pa);
        return TdxStatus.SUCCESS;
    }

    /// TDH.MEM.WR: writes 8 bytes of a debug TD. R8 out is the old value.
    ///
    /// @param rcx guest address, a multiple of 8
    /// @param rdx TD
    /// @param r8 the value
    public long write(long rcx, long rdx, long r8, LeafCall call) {
        return checks.end(writeLocked(rcx, rdx, r8, call), call);
    }

    private long writeLocked(long rcx, long rdx, long r8, LeafCall call) {
        long status = readLocked(HostLeaf.MEM_WR, rcx, rdx, call);
        if (status == TdxStatus.SUCCESS) {
            memory.putLong(Sept.address(call.entry, call.level, rcx), r8);
        }
        return status;
    }

    /// TDH.MR.EXTEND: measures 256 bytes of a page that was added.
    ///
    /// @param rcx guest address, a multiple of 256
    /// @param rdx TD
    public long extend(long rcx, long rdx, LeafCall call) {
        return checks.end(extendLocked(rcx, rdx, call), call);
    }

    private long extendLocked(long rcx, long rdx, LeafCall call) {
        long status = checks.td(HostLeaf.MR_EXTEND, rdx, OperandId.RDX, call);
        if (status == TdxStatus.SUCCESS) {
            status = checks.present(HostLeaf.MR_EXTEND, rcx, MrtdStream.CHUNK, call);
        }
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        if (SeptEntry.state(call.entry) != SeptState.MAPPED) {
            return TdxStatus.EPT_ENTRY_NOT_PRESENT; // neither operand nor entry is told of a page that is blocked for writing
        }
        measurements.extend(rdx, rcx, Sept.address(call.entry, call.level, rcx));
        return TdxStatus.SUCCESS;
    }

    /// TDH.MR.FINALIZE: ends the measurement; the guest can run.
    ///
    /// @param rcx TD
    public long finalizeTd(long rcx, LeafCall call) {
        return checks.end(finalizeLocked(rcx, call), call);
    }

    private long finalizeLocked(long rcx, LeafCall call) {
        long status = checks.td(HostLeaf.MR_FINALIZE, rcx, OperandId.RCX, call);
        if (status != TdxStatus.SUCCESS) {
            return status;
        }
        if (control.vcpus(rcx) == 0) {
            return TdxStatus.NO_VCPUS;
        }
        control.opState(rcx, OpState.RUNNABLE);
        return TdxStatus.SUCCESS;
    }
}
