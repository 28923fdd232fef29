package org.enclosure.examples.guest;

import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestProgram;

/// Accepts the memory that the guest works in, as a guest kernel does that accepts lazily: what nobody uses is not accepted and
/// takes no host memory. With RAM above 4 GiB the last 2M of it are accepted and tried too.
public final class WorkingMemory implements GuestProgram {
    private static final long UNIT = 2L << 20;

    private final MemoryMap map;
    private final long seed;
    private final Findings findings = new Findings();

    /// Creates the program.
    public WorkingMemory(MemoryMap map, long seed) {
        this.map = map;
        this.seed = seed;
    }

    @Override
    public void run(GuestCpu cpu) {
        cpu.accept(0, MemoryMap.WORK_BYTES);
        tryUnits(cpu, 0, MemoryMap.WORK_BYTES);
        if (map.ramBytes() >= MemoryMap.FOUR_GIB + UNIT) {
            cpu.accept(map.ramBytes() - UNIT, UNIT);
            tryUnits(cpu, map.ramBytes() - UNIT, map.ramBytes());
        }
    }

    /// What went wrong.
    public Findings findings() {
        return findings;
    }

    private void tryUnits(GuestCpu cpu, long from, long to) {
        for (long gpa = from; gpa < to; gpa += UNIT) {
            long address = cpu.address(gpa, true);
            cpu.storeLong(address, Pattern.word(seed, gpa));
            findings.check(cpu.loadLong(address) == Pattern.word(seed, gpa),
                    "private memory at gpa 0x" + Long.toHexString(gpa)
                            + " does not keep what the guest writes");
        }
    }
}
