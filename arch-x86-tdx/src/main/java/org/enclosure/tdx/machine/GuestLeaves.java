package org.enclosure.tdx.machine;

import org.enclosure.spi.PhysicalMemory;
import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.Qualification;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.SeptState;
import org.enclosure.tdx.wire.TdxStatus;

/// What the guest does to its private memory: TDG.MEM.PAGE.ACCEPT, and an access.
public final class GuestLeaves {
    /// Outcome of an access: allowed, at `call.entry` and `call.level`.
    public static final int ALLOWED = 0;
    /// Outcome of an access: #VE, because the page is not accepted.
    public static final int VIRTUALIZATION_EXCEPTION = 1;
    /// Outcome of an access: the guest leaves for the host, with `call.qualification`.
    public static final int EXIT = 2;

    private static final long PAGE = PageInfo.size(0);

    private final PhysicalMemory memory;
    private final TdControl control;
    private final Sept sept;
    private final HostLines lines;

    GuestLeaves(PhysicalMemory memory, TdControl control, Sept sept, HostLines lines) {
        this.memory = memory;
        this.control = control;
        this.sept = sept;
        this.lines = lines;
    }

    /// TDG.MEM.PAGE.ACCEPT: zeroes a page that the host gave and maps it. Either the status counts, or `call.exits` says that the
    /// guest left for the host and executes the leaf again later.
    ///
    /// @param td of the vCPU
    /// @param rcx page operand, level 0 or 1
    public long accept(long td, long rcx, LeafCall call) {
        call.reset();
        if (!PageInfo.isLegal(rcx, 0, 1, control.gpaw(td))) {
            return TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.RCX);
        }
        if (!WordLock.tryShared(memory, td + TdControl.TREE_LOCK)) {
            return TdxStatus.of(TdxStatus.OPERAND_BUSY, OperandId.SEPT_TREE);
        }
        long status = walked(td, rcx, call);
        if (call.isEntryLocked) {
            sept.release(call);
        }
        WordLock.releaseShared(memory, td + TdControl.TREE_LOCK);
        return status;
    }

    private long walked(long td, long rcx, LeafCall call) {
        int level = PageInfo.level(rcx);
        long gpa = PageInfo.gpa(rcx);
        sept.walk(td, gpa, level, call);
        SeptState state = SeptEntry.state(call.entry);
        if (call.level != level) {
            return state.isReadable() ? TdxStatus.of(TdxStatus.PAGE_ALREADY_ACCEPTED, call.level)
                    : exit(gpa, level, call);
        }
        int lock = sept.lockForGuest(call);
        if (lock != Sept.LOCKED) {
            return TdxStatus.of(lock == Sept.BUSY ? TdxStatus.OPERAND_BUSY : TdxStatus.OPERAND_BUSY_HOST_PRIORITY,
                    OperandId.RCX);
        }
        state = SeptEntry.state(call.entry);
        if (state.isAcceptable()) {
            return take(state, call);
        }
        if (state.isReadable()) {
            return TdxStatus.of(TdxStatus.PAGE_ALREADY_ACCEPTED, level);
        }
        return state.isTable() || state == SeptState.REMOVED ? TdxStatus.of(TdxStatus.PAGE_SIZE_MISMATCH, level)
                : exit(gpa, level, call);
    }

    private long take(SeptState state, LeafCall call) {
        long page = LeafChecks.hpa(call);
        int done = call.level == 0 ? 0 : SeptEntry.acceptCounter(call.entry);
        for (long at = page + done * PAGE; at < page + PageInfo.size(call.level); at += PAGE) {
            memory.zero(at, PAGE);
            lines.clear(at);
        }
        call.entry = SeptEntry.of(state == SeptState.PENDING ? SeptState.MAPPED : SeptState.EXPORTED_DIRTY, page);
        return TdxStatus.SUCCESS;
    }

    private static long exit(long gpa, int level, LeafCall call) {
        call.exits = true;
        call.gpa = gpa;
        call.qualification = Qualification.accept(level, call.level, call.entry);
        return TdxStatus.SUCCESS;
    }

    /// An access of the guest to a private address.
    ///
    /// @param access 1 read, 2 write, 4 execute
    /// @return one of the outcomes above
    public int access(long td, long gpa, int access, LeafCall call) {
        call.reset();
        sept.walk(td, gpa, 0, call);
        if (Sept.permits(call.entry, access)) {
            return ALLOWED;
        }
        call.gpa = gpa;
        if (SeptEntry.state(call.entry).isAcceptable()) {
            if (!control.isVeDisabled(td)) {
                return VIRTUALIZATION_EXCEPTION;
            }
            call.qualification = Qualification.PENDING;
        }
        return EXIT;
    }
}
