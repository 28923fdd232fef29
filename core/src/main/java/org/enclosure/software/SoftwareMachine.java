package org.enclosure.software;

import org.enclosure.api.Errno;
import org.enclosure.api.Paging;
import org.enclosure.spi.OperationCall;
import org.enclosure.spi.PhysicalMemory;

/// The machine's operations by physical address, with checked operands: what scripts and a hostile host can do. Answers are 0 or
/// a negative errno.
final class SoftwareMachine {
    private static final long SUCCESS = 0;
    private static final long EPERM = -Errno.EPERM.number();
    private static final long EAGAIN = -Errno.EAGAIN.number();
    private static final long EFAULT = -Errno.EFAULT.number();
    private static final long EINVAL = -Errno.EINVAL.number();

    private final PhysicalMemory memory;
    private final FrameOwners owners;

    SoftwareMachine(PhysicalMemory memory, FrameOwners owners) {
        this.memory = memory;
        this.owners = owners;
    }

    /// In: pa, pages, owner. Makes frames private.
    long claim(OperationCall call) {
        if (!isRun(call) || !isOwner(call.in(2))) {
            return EINVAL;
        }
        int answer = owners.claim(pfn(call), call.in(1), (int) call.in(2));
        return answer == FrameOwners.BUSY ? EAGAIN : answer > 0 ? EPERM : SUCCESS;
    }

    /// In: pa, pages, owner. Out: how many were released.
    long release(OperationCall call) {
        if (!isRun(call) || !isOwner(call.in(2))) {
            return EINVAL;
        }
        call.out(0, owners.release(pfn(call), call.in(1), (int) call.in(2)));
        return SUCCESS;
    }

    /// In: pa. Out: the owner.
    long state(OperationCall call) {
        if (!isFrame(call)) {
            return EINVAL;
        }
        call.out(0, owners.owner(pfn(call)));
        return SUCCESS;
    }

    /// In: pa, owner, 0 for nobody. Forces the record.
    long setPrivate(OperationCall call) {
        if (!isFrame(call) || call.in(1) != FrameOwners.NOBODY && !isOwner(call.in(1))) {
            return EINVAL;
        }
        owners.force(pfn(call), (int) call.in(1));
        return SUCCESS;
    }

    /// In: pa. Out: the word there, if the host may have it.
    long read64(OperationCall call) {
        long answer = hostAnswer(call);
        if (answer == SUCCESS) {
            call.out(0, memory.getLong(call.in(0)));
        }
        return answer;
    }

    /// In: pa, value.
    long write64(OperationCall call) {
        long answer = hostAnswer(call);
        if (answer == SUCCESS) {
            memory.putLong(call.in(0), call.in(1));
        }
        return answer;
    }

    private long hostAnswer(OperationCall call) {
        if ((call.in(0) & Long.BYTES - 1) != 0 || !owners.exists(pfn(call), 1)
                || !memory.contains(call.in(0), Long.BYTES)) {
            return EINVAL;
        }
        return owners.owner(pfn(call)) == FrameOwners.NOBODY ? SUCCESS : EFAULT;
    }

    private boolean isFrame(OperationCall call) {
        return Paging.isPageAligned(call.in(0)) && owners.exists(pfn(call), 1);
    }

    private boolean isRun(OperationCall call) {
        return isFrame(call) && owners.exists(pfn(call), call.in(1));
    }

    private static boolean isOwner(long owner) {
        return owner > 0 && owner <= Integer.MAX_VALUE;
    }

    private static long pfn(OperationCall call) {
        return call.in(0) >>> Paging.PAGE_SHIFT;
    }
}
