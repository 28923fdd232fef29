package org.enclosure.cca.host;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.enclosure.cca.machine.Granules;
import org.enclosure.cca.machine.Pas;
import org.enclosure.cca.machine.Profile;
import org.enclosure.cca.machine.Rmm;
import org.enclosure.cca.ops.CcaOperations;
import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.Status;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;

/// One machine with RME. Its setting `rmm` is the version of the RMM: 1.0 (the default) or 1.1.
public final class CcaPlatform implements Platform {
    private static final String OPTION_RMM = "rmm";

    private final Rmm rmm;
    private final ArchOperations operations;

    /// Opens a machine over the RAM of the context.
    public CcaPlatform(PlatformContext context) {
        for (String name : context.options().keySet()) {
            if (!name.equals(OPTION_RMM)) {
                throw new IllegalArgumentException("option " + name + " of the CCA platform is not known; legal: rmm");
            }
        }
        rmm = machine(context);
        operations = new CcaOperations(rmm);
    }

    private static Rmm machine(PlatformContext context) {
        List<MemoryRange> ranges = new ArrayList<>(context.ranges());
        ranges.removeIf(range -> range.kind() != MemoryRange.Kind.RAM);
        long[] ram = new long[2 * ranges.size()];
        long limit = 0;
        for (int i = 0; i < ranges.size(); i++) {
            MemoryRange range = ranges.get(i);
            long end = range.pa() + range.bytes();
            ram[2 * i] = range.pa();
            ram[2 * i + 1] = end - Granules.SIZE;
            limit = Math.max(limit, end >>> Granules.SHIFT);
        }
        return new Rmm(context.memory(), ram, limit,
                Profile.of(context.options().getOrDefault(OPTION_RMM, "1.0")));
    }

    @Override
    public VmBackend create(VmContext context) {
        throw new UnsupportedOperationException();
    }

    /// What is not in the Non-secure address space is a granule protection fault, for processors and devices, reads and
    /// writes alike.
    @Override
    public long hostAccess(long pfn, int access, FaultDetail detail) {
        int pas = rmm.gpt.pas(pfn);
        if (pas == Pas.NS) {
            return Status.OK;
        }
        detail.pfn = pfn;
        detail.access = access;
        detail.code = pas;
        return Status.of(Status.DENIED, 0, pas);
    }

    @Override
    public ArchOperations operations() {
        return operations;
    }

    @Override
    public LaunchPlanner launchPlanner() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        // All state is in memory that the engine owns, and in this object.
    }
}
