package org.enclosure.core.vcpu;

import java.lang.foreign.MemorySegment;

import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.vcpu.GuestProgram;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vcpu.VcpuStats;
import org.enclosure.core.convert.GuestRange;
import org.enclosure.core.exit.ExitRecord;

/// The VMM's face of a vCPU.
public final class VcpuImpl implements Vcpu, VcpuPlace {
    private final VcpuParts parts;
    private final VcpuSlot slot;
    private final GuestRequests requests = new GuestRequests();
    private final GuestCpuImpl cpu;
    private boolean closed;

    /// Creates a vCPU in a slot of its VM.
    public VcpuImpl(VcpuParts parts, VcpuSlot slot) {
        this.parts = parts;
        this.slot = slot;
        cpu = new GuestCpuImpl(parts, slot.index(), slot.backend(), slot.entry(), requests);
    }

    @Override
    public int index() {
        return slot.index();
    }

    @Override
    public VmExit run(GuestProgram guest, ExitHandler handler) {
        if (Thread.currentThread().isVirtual()) {
            throw new IllegalStateException(
                    "vCPU " + index() + ": a vCPU runs on a platform thread, not on a virtual one");
        }
        if (closed) {
            throw new IllegalStateException("vCPU " + index() + " is closed");
        }
        requests.started();
        ExitRecord exit = cpu.exit;
        try {
            cpu.begin(handler);
            guest.run(cpu);
            exit.end(ExitReason.HALTED, "the guest program returned");
            cpu.context.counters().exit(ExitReason.HALTED);
        } catch (StopGuest stop) {
            if (stop != cpu.stopped()) {
                throw stop;
            }
        } finally {
            cpu.end();
            requests.stopped();
        }
        return exit;
    }

    @Override
    public long preMap(long gpa, MemorySegment source) {
        return parts.launch().preMap(gpa, source);
    }

    @Override
    public long preMapInPlace(long gpa, long bytes) {
        return parts.launch().preMapInPlace(gpa, bytes);
    }

    @Override
    public long preFault(long gpa, long bytes) {
        if (closed) {
            throw new IllegalStateException("vCPU " + index() + " is closed");
        }
        GuestRange.check(gpa, bytes, parts.vm().gfnLimit());
        requests.started();
        try {
            return new PreFault(cpu, requests).run(gpa, bytes);
        } finally {
            requests.stopped();
        }
    }

    @Override
    public void kick() {
        requests.kick();
        parts.vm().domain().shootdown(0, 0, null);
    }

    @Override
    public void pause() {
        requests.pause();
        parts.vm().domain().shootdown(0, 0, null);
        requests.awaitHeld();
    }

    @Override
    public void resume() {
        requests.resume();
    }

    @Override
    public VcpuStats stats() {
        return VcpuPlace.statsOf(cpu);
    }

    @Override
    public boolean isRunning() {
        return requests.isRunning();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        if (isRunning()) {
            throw new IllegalStateException("vCPU " + index() + " runs; kick it first");
        }
        closed = true;
        cpu.retire();
        slot.release(this);
    }
}
