package org.enclosure.core.vcpu;

import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.vcpu.VcpuStats;
import org.enclosure.api.vm.AccessResolver;
import org.enclosure.spi.VcpuBackend;

/// One access in, data or an exit out.
public final class AccessResolverImpl implements AccessResolver, VcpuPlace {
    private final VcpuSlot slot;
    private final GuestRequests requests = new GuestRequests();
    private final Path path;
    private boolean closed;

    /// The access path, which is in its guest during an access alone.
    private static final class Path extends VcpuMemory {
        Path(VcpuParts parts, VcpuSlot slot, GuestRequests requests) {
            super(parts, slot.index(), slot.backend(), slot.entry(), requests);
        }

        boolean resolve(long address, int size, int operation) {
            GuestCpuImpl.checkSize(size);
            setActive(true);
            int outcome = enterGuest();
            if (outcome == DONE) {
                outcome = access(address, size, operation);
            }
            entry.leave(VcpuBackend.LEFT_STOP, detail);
            setActive(false);
            if (outcome == DONE) {
                return true;
            }
            if (outcome == MMIO) {
                exit.mmio(address & ~vm.tagMask(), size, operation == STORE, operation == STORE ? operand : 0);
            } else if (outcome == EVENT) {
                exit.unhandledEvent(detail.gfn, detail.event);
            } else if (outcome == KICKED) {
                exit.end(ExitReason.INTERRUPTED, "kicked");
            }
            context.counters().exit(exit.reason());
            return false;
        }
    }

    /// Creates a resolver in a slot of its VM.
    public AccessResolverImpl(VcpuParts parts, VcpuSlot slot) {
        this.slot = slot;
        path = new Path(parts, slot, requests);
    }

    @Override
    public boolean load(long address, int size) {
        check();
        return path.resolve(address, size, VcpuMemory.LOAD);
    }

    @Override
    public boolean store(long address, int size, long value) {
        check();
        path.operand = value;
        return path.resolve(address, size, VcpuMemory.STORE);
    }

    private void check() {
        if (closed) {
            throw new IllegalStateException("the access resolver " + slot.index() + " is closed");
        }
    }

    @Override
    public long value() {
        return path.loaded;
    }

    @Override
    public VmExit exit() {
        return path.exit;
    }

    @Override
    public int index() {
        return slot.index();
    }

    @Override
    public boolean isRunning() {
        return path.isActive();
    }

    @Override
    public VcpuStats stats() {
        return VcpuPlace.statsOf(path);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            path.retire();
            slot.release(this);
        }
    }
}
