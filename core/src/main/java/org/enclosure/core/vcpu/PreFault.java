package org.enclosure.core.vcpu;

import org.enclosure.api.Access;
import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.exit.Obstacle;
import org.enclosure.core.event.RetryEvent;
import org.enclosure.core.exit.ExitRecord;
import org.enclosure.core.fault.FaultCore;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.core.translation.Backoff;

/// A range of faults that the VMM asks for, one page or huge mapping at a time. An error counts only if it comes first.
final class PreFault {
    private final VcpuMemory cpu;
    private final VmCore vm;
    private final GuestRequests requests;

    PreFault(VcpuMemory cpu, GuestRequests requests) {
        this.cpu = cpu;
        this.requests = requests;
        vm = cpu.vm;
    }

    /// Maps a range from its start on.
    ///
    /// @return bytes that are left
    long run(long gpa, long bytes) {
        long first = gpa >>> Paging.PAGE_SHIFT;
        long end = gpa + bytes >>> Paging.PAGE_SHIFT;
        long gfn = first;
        while (gfn < end) {
            try {
                gfn = Math.min(end, mapOne(gfn));
            } catch (GuestMemoryException e) {
                if (gfn == first) {
                    throw e;
                }
                break;
            }
        }
        return end - gfn << Paging.PAGE_SHIFT;
    }

    /// Maps the page at a gfn.
    ///
    /// @return the gfn after the mapping
    private long mapOne(long gfn) {
        for (int round = 0;; round++) {
            checkSignals(gfn);
            int outcome = cpu.tryFault(gfn, accessTo(gfn));
            switch (outcome) {
                case FaultCore.FIXED, FaultCore.SPURIOUS -> {
                    int level = Math.max(Paging.LEVEL_4K, cpu.context.work().level);
                    return Paging.floor(gfn, level) + Paging.pages(level);
                }
                case FaultCore.NO_MEMORY -> throw refused(Errno.ENOENT, gfn, "there is no memslot");
                case FaultCore.EXIT -> throwUnlessRace(gfn);
                case FaultCore.SPLIT -> splitOrThrow(gfn);
                case FaultCore.PENDING -> {
                    if (cpu.settlePending(gfn) == VcpuMemory.EXIT) {
                        throwUnlessRace(gfn);
                    }
                }
                case FaultCore.DEAD -> {
                    vm.kill();
                    throw refused(Errno.EIO, gfn, "the architecture has ended the VM");
                }
                case FaultCore.WAIT -> {
                    RetryEvent.emit(gfn, true);
                    if (vm.isRetiring(gfn) && vm.policies().profile().tellsPreFaultToRetry()) {
                        throw refused(Errno.EAGAIN, gfn, "its memslot is being deleted or moved");
                    }
                }
                default -> RetryEvent.emit(gfn, false);
            }
            Backoff.pause(round);
        }
    }

    private void checkSignals(long gfn) {
        if (requests.isPending() || Thread.currentThread().isInterrupted()) {
            throw refused(Errno.EINTR, gfn, "a signal is pending");
        }
        if (vm.isDead()) {
            throw refused(Errno.EIO, gfn, "the VM is dead");
        }
    }

    private int accessTo(long gfn) {
        SlotEntry slot = vm.slots().find(gfn);
        boolean isPrivate = slot == null ? vm.isPrivateWithoutSlot(gfn) : slot.isPrivate(gfn);
        return isPrivate ? Access.READ | Access.PRIVATE : Access.READ;
    }

    /// A page that changed its kind between the look at it and the fault is no error.
    private void throwUnlessRace(long gfn) {
        ExitRecord exit = cpu.exit;
        if (exit.obstacle() != Obstacle.MISMATCH) {
            Errno errno = exit.errno();
            throw refused(errno == null ? Errno.EFAULT : errno, gfn, exit.cause());
        }
    }

    private void splitOrThrow(long gfn) {
        if (!cpu.splitOut(gfn, cpu.context.splitLevel())) {
            throwUnlessRace(gfn);
        }
    }

    private static GuestMemoryException refused(Errno errno, long gfn, String why) {
        return new GuestMemoryException(errno,
                "pre-fault of gpa 0x" + Long.toHexString(gfn << Paging.PAGE_SHIFT) + ": " + why);
    }
}
