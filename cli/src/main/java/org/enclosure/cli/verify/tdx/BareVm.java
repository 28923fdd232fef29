package org.enclosure.cli.verify.tdx;

import java.util.Map;

import org.enclosure.cli.script.BareMachine;
import org.enclosure.cli.script.MachineOptions;
import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Machines;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.spi.VmType;

/// One VM of the plugin on a bare machine, with frames that this class hands out.
final class BareVm {
    private static final long MEMORY = 64L << 20;
    private static final int FRAMES = 64;
    private static final int VCPU_FRAMES = 16;
    private static final long FIRST_PFN = 256;

    private final VmBackend backend;

    BareVm(Machines machines, long gpaw, Map<String, String> settings) {
        BareMachine machine = machines.open(new MachineOptions(MEMORY, 0, Map.of()));
        VmContext context = new VmContext(type(machines, gpaw), 1, FIRST_PFN - 1, frames(FIRST_PFN, FRAMES), settings);
        try {
            backend = machine.platform().create(context);
        } catch (IllegalArgumentException e) {
            throw new CaseFailure("the plugin refuses the VM: " + e.getMessage());
        }
    }

    private static VmType type(Machines machines, long gpaw) {
        for (VmType type : machines.provider().vmTypes()) {
            var tag = type.traits().tag();
            if (tag != null && tag.mask() == 1L << gpaw - 1) {
                return type;
            }
        }
        throw CaseFailure.unknown("gpaw " + gpaw);
    }

    private static FrameCache frames(long first, int count) {
        FrameCache frames = new FrameCache(2 * count);
        for (long pfn = first + count; pfn > first;) {
            frames.push(--pfn);
        }
        return frames;
    }

    VmBackend backend() {
        return backend;
    }

    VcpuBackend vcpu() {
        return backend.createVcpu(new VcpuContext(0, frames(FIRST_PFN + FRAMES, VCPU_FRAMES)));
    }
}
