package org.enclosure.core.fault;

import org.enclosure.core.exit.ExitRecord;
import org.enclosure.core.exit.VcpuCounters;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.mem.FrameMagazine;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.core.slot.SlotTable;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VmTraits;
import org.jspecify.annotations.Nullable;

/// What one thread needs to resolve faults: reused, owned by the thread.
public final class FaultContext {
    private static final int SPARE_FRAMES = 16;

    final FrameMagazine magazine;
    final TableWork work;
    final ExitRecord exit;
    final VcpuCounters counters;
    int framesWanted;
    int splitLevel;
    /// Whether the leaf of the fault under way may grant writing.
    boolean writable;
    private @Nullable SlotTable table;
    private @Nullable SlotEntry last;

    /// Creates a context.
    public FaultContext(VmCore vm, ExitRecord exit, VcpuCounters counters) {
        this.exit = exit;
        this.counters = counters;
        magazine = new FrameMagazine(vm.host().frames());
        work = new TableWork(new FrameCache(VmTraits.MAX_FRAMES + SPARE_FRAMES));
        framesWanted = vm.framesPerFault();
    }

    /// The vCPU's own table frames and status block.
    public TableWork work() {
        return work;
    }

    /// The exit record.
    public ExitRecord exit() {
        return exit;
    }

    /// The counters.
    public VcpuCounters counters() {
        return counters;
    }

    /// After [FaultCore#SPLIT]: the level to split to.
    public int splitLevel() {
        return splitLevel;
    }

    /// The slot of a gfn; remembers the last one.
    @Nullable
    SlotEntry find(SlotTable slots, long gfn) {
        SlotEntry candidate = last;
        if (slots == table && candidate != null && candidate.contains(gfn)) {
            return candidate;
        }
        table = slots;
        last = slots.find(gfn);
        return last;
    }

    /// Gives all frames back.
    public void close(VmCore vm) {
        magazine.drain();
        vm.host().drain(work.frames);
    }
}
