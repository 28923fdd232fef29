package org.enclosure.core.exit;

import java.util.List;

import org.enclosure.api.Access;
import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.Obstacle;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Status;
import org.jspecify.annotations.Nullable;

/// The one exit record of a vCPU. Filled in by the vCPU's thread, read by its handler.
public final class ExitRecord implements VmExit {
    private final int vcpu;
    private final long[] arguments = new long[6];
    private ExitReason reason = ExitReason.HALTED;
    private long gpa;
    private long bytes;
    private boolean isPrivate;
    private boolean isWrite;
    private @Nullable Errno errno;
    private String cause = "not run yet";
    private long status;
    private int event;
    private long owner;
    private long number;
    private long data;
    private long result;
    private boolean answered;
    private Obstacle obstacle = Obstacle.NONE;
    private long errorOffset = GuestMemoryException.NO_OFFSET;
    private List<String> holders = List.of();

    /// Creates the record of one vCPU.
    public ExitRecord(int vcpu) {
        this.vcpu = vcpu;
    }

    private void begin(ExitReason newReason, long newGpa, long newBytes, String newCause) {
        reason = newReason;
        gpa = newGpa;
        bytes = newBytes;
        cause = newCause;
        isPrivate = false;
        isWrite = false;
        errno = null;
        status = 0;
        event = GuestEvent.NONE;
        owner = FaultDetail.NOBODY;
        number = 0;
        data = 0;
        result = 0;
        answered = false;
        obstacle = Obstacle.NONE;
        errorOffset = GuestMemoryException.NO_OFFSET;
        holders = List.of();
    }

    /// An access in the kind that the page does not have: a conversion would help.
    public void kindMismatch(long gfn, int access) {
        memoryFault(gfn, access, Errno.EFAULT, "the page is of the other kind");
        obstacle = Obstacle.MISMATCH;
    }

    /// The guest wants pages back that the host holds.
    ///
    /// @param newReason MEMORY_FAULT or UNSHARE
    /// @param offset bytes from `newGpa` to the first page that is held
    public void pinned(ExitReason newReason, long newGpa, long newBytes, long offset, List<String> newHolders) {
        begin(newReason, newGpa, newBytes, "the host still holds a page that the guest takes back");
        isPrivate = true;
        errno = Errno.EAGAIN;
        obstacle = Obstacle.PINNED;
        errorOffset = offset;
        holders = newHolders;
    }

    /// An access to a page that cannot be had.
    ///
    /// @param cause a constant sentence
    public void memoryFault(long gfn, int access, Errno error, String cause) {
        begin(ExitReason.MEMORY_FAULT, gfn << Paging.PAGE_SHIFT, Paging.PAGE_SIZE, cause);
        isPrivate = (access & Access.PRIVATE) != 0;
        isWrite = (access & Access.WRITE) != 0;
        errno = error;
    }

    /// An access to no memory.
    public void mmio(long address, int size, boolean write, long value) {
        begin(ExitReason.MMIO, address, size, "no memory at the address");
        isWrite = write;
        data = value;
    }

    /// A request of the guest.
    public void request(ExitReason newReason, GuestCall call) {
        begin(newReason, call.gfn << Paging.PAGE_SHIFT, call.npages << Paging.PAGE_SHIFT, "the guest asks");
        isPrivate = call.toPrivate;
        number = call.number;
        System.arraycopy(call.args, 0, arguments, 0, arguments.length);
    }

    /// The tables or the engine cannot go on.
    public void error(long gfn, Errno error, long newStatus, FaultDetail detail, String newCause) {
        begin(ExitReason.ERROR, gfn << Paging.PAGE_SHIFT, Paging.PAGE_SIZE, newCause);
        errno = error;
        status = newStatus;
        owner = detail.owner;
    }

    /// The guest dies of an event that it does not handle.
    public void unhandledEvent(long gfn, int newEvent) {
        begin(ExitReason.SHUTDOWN, gfn << Paging.PAGE_SHIFT, Paging.PAGE_SIZE,
                "the guest does not handle an exception");
        event = newEvent;
    }

    /// An end without an address.
    public void end(ExitReason newReason, String newCause) {
        begin(newReason, 0, 0, newCause);
    }

    /// Whether the handler has answered.
    public boolean isAnswered() {
        return answered;
    }

    /// The handler's answer.
    public long result() {
        return result;
    }

    @Override
    public ExitReason reason() {
        return reason;
    }

    @Override
    public int vcpu() {
        return vcpu;
    }

    @Override
    public long gpa() {
        return gpa;
    }

    @Override
    public long bytes() {
        return bytes;
    }

    @Override
    public boolean isPrivate() {
        return isPrivate;
    }

    @Override
    public boolean isWrite() {
        return isWrite;
    }

    @Override
    public @Nullable Errno errno() {
        return errno;
    }

    @Override
    public String cause() {
        StringBuilder text = new StringBuilder(cause);
        if (event != GuestEvent.NONE) {
            text.append(": ").append(GuestEvent.name(event)).append(" at gpa 0x").append(Long.toHexString(gpa));
        }
        if (status != 0) {
            text.append(": ").append(Status.describe(status));
        }
        if (!holders.isEmpty()) {
            text.append(": ").append(String.join(", ", holders)).append(", at offset 0x")
                    .append(Long.toHexString(errorOffset));
        }
        if (owner != FaultDetail.NOBODY) {
            text.append(", owner ").append(owner);
        }
        return text.toString();
    }

    @Override
    public Obstacle obstacle() {
        return obstacle;
    }

    @Override
    public long errorOffset() {
        return errorOffset;
    }

    @Override
    public List<String> holders() {
        return holders;
    }

    @Override
    public long number() {
        return number;
    }

    @Override
    public long argument(int index) {
        return arguments[index];
    }

    @Override
    public void setResult(long newResult) {
        result = newResult;
        answered = true;
    }

    @Override
    public long data() {
        return data;
    }

    @Override
    public void setData(long value) {
        data = value;
    }

    @Override
    public String toString() {
        return reason + " at gpa 0x" + Long.toHexString(gpa) + ": " + cause();
    }
}
