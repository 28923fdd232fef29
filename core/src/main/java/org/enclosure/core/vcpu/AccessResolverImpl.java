package org.enclosure.core.vcpu;

import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.vcpu.VcpuStats;
import org.enclosure.api.vm.AccessResolver;
import org.enclosure.spi.VcpuBackend;

/// One access in, data or an exit out.
public final class AccessResolverImpl implements AccessResolver, VcpuPlace {
    private final VcpuSlot slot;
    private final Path path;
    private volatile boolean closed;

    /// The access path, which is in its guest during an access alone.
    private static final class Path extends VcpuMemory {
        Path(VcpuParts parts, VcpuSlot slot, GuestRequests requests) {
            super(parts, slot.index(), slot.backend(), slot.entry(), requests);
        }

        void activate(boolean value) {
            setActive(value);
        }

        boolean resolve(long address, int size, int operation) {
            int outcome = enterGuest();
            if (outcome == DONE) {
                vm.noteRun();
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
        path = new Path(parts, slot, new GuestRequests("the access resolver " + slot.index()));
    }

    @Override
    public boolean load(long address, int size) {
        begin(size);
        return path.resolve(address, size, VcpuMemory.LOAD);
    }

    @Override
    public boolean store(long address, int size, long value) {
        begin(size);
        path.operand = value;
        return path.resolve(address, size, VcpuMemory.STORE);
    }

    private void begin(int size) {
        GuestCpuImpl.checkSize(size);
        path.activate(true);
        if (closed) { // ORDERING: volatile, after the activity is shown; partner close
            path.activate(false);
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
        if (closed) {
            return;
        }
        closed = true; // ORDERING: volatile, before the look at the activity; partner begin
        if (isRunning()) {
            closed = false;
            throw new IllegalStateException("the access resolver " + slot.index() + " is in an access");
        }
        path.retire();
        slot.release(this);
    }
}
