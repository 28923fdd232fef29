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
    private final GuestRequests requests;
    private final GuestCpuImpl cpu;

    /// Creates a vCPU in a slot of its VM.
    public VcpuImpl(VcpuParts parts, VcpuSlot slot) {
        this.parts = parts;
        this.slot = slot;
        requests = new GuestRequests("vCPU " + slot.index());
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
        requests.started();
        ExitRecord exit = cpu.exit;
        try {
            cpu.begin(handler);
            guest.run(cpu);
            if (!cpu.ended) {
                exit.end(ExitReason.HALTED, "the guest program returned");
                cpu.context.counters().exit(ExitReason.HALTED);
            }
        } catch (StopGuest stop) {
            if (!cpu.isStop(stop)) {
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
        requests.started();
        try {
            return parts.launch().preMap(gpa, source);
        } finally {
            requests.stopped();
        }
    }

    @Override
    public long preMapInPlace(long gpa, long bytes) {
        requests.started();
        try {
            return parts.launch().preMapInPlace(gpa, bytes);
        } finally {
            requests.stopped();
        }
    }

    @Override
    public long preFault(long gpa, long bytes) {
        requests.started();
        try {
            GuestRange.check(gpa, bytes, parts.vm().gfnLimit());
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
        if (requests.end()) {
            cpu.retire();
            slot.release(this);
        }
    }
}
