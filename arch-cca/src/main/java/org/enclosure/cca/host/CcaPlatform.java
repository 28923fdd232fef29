package org.enclosure.cca.host;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

import org.enclosure.cca.launch.CcaPlanner;
import org.enclosure.cca.machine.Granules;
import org.enclosure.cca.machine.Pas;
import org.enclosure.cca.machine.Profile;
import org.enclosure.cca.machine.Rmm;
import org.enclosure.cca.ops.CcaOperations;
import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.OptionNames;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.Status;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;

/// One machine with RME. Its setting `rmm` is the version of the RMM: 1.0 (the default) or 1.1.
public final class CcaPlatform implements Platform {
    private static final String OPTION_RMM = "rmm";
    private static final int MAX_VMID = 0xffff;

    private final Rmm rmm;
    private final ArchOperations operations;
    private final FrameOwners owners;
    /// VMIDs in use.
    private final BitSet numbers = new BitSet();

    /// Opens a machine over the RAM of the context.
    public CcaPlatform(PlatformContext context) {
        OptionNames.check("the CCA platform", context.options(), Set.of(OPTION_RMM));
        long limit = limit(context);
        rmm = machine(context, limit);
        owners = new FrameOwners(limit);
        operations = new CcaOperations(rmm);
    }

    private static long limit(PlatformContext context) {
        long limit = 0;
        for (MemoryRange range : context.ranges()) {
            if (range.kind() == MemoryRange.Kind.RAM) {
                limit = Math.max(limit, range.pa() + range.bytes() >>> Granules.SHIFT);
            }
        }
        return limit;
    }

    private static Rmm machine(PlatformContext context, long limit) {
        List<MemoryRange> ranges = new ArrayList<>(context.ranges());
        ranges.removeIf(range -> range.kind() != MemoryRange.Kind.RAM);
        long[] ram = new long[2 * ranges.size()];
        for (int i = 0; i < ranges.size(); i++) {
            MemoryRange range = ranges.get(i);
            ram[2 * i] = range.pa();
            ram[2 * i + 1] = range.pa() + range.bytes() - Granules.SIZE;
        }
        return new Rmm(context.memory(), ram, limit,
                Profile.of(context.options().getOrDefault(OPTION_RMM, "1.0")));
    }

    @Override
    public VmBackend create(VmContext context) {
        int number = takeNumber();
        try {
            return new CcaVm(rmm, number, owners, context, this::giveNumber);
        } catch (IllegalArgumentException refused) {
            giveNumber(number);
            throw refused;
        }
    }

    private synchronized int takeNumber() {
        int number = numbers.nextClearBit(1);
        if (number > MAX_VMID) {
            throw new IllegalArgumentException("the machine has no VMID left; it has " + MAX_VMID);
        }
        numbers.set(number);
        return number;
    }

    private synchronized void giveNumber(int number) {
        numbers.clear(number);
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
        int owner = owners.owner(pfn);
        detail.owner = owner == FrameOwners.NOBODY ? FaultDetail.NOBODY : owner;
        return Status.of(Status.DENIED, 0, pas);
    }

    @Override
    public ArchOperations operations() {
        return operations;
    }

    @Override
    public LaunchPlanner launchPlanner() {
        return CcaPlanner.INSTANCE;
    }

    @Override
    public void close() {
        // All state is in memory that the engine owns, and in this object.
    }
}
