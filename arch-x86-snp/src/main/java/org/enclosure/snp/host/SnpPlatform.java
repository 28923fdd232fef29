package org.enclosure.snp.host;

import java.util.Set;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.snp.launch.SnpPlanner;
import org.enclosure.snp.machine.KeyTable;
import org.enclosure.snp.machine.SnpMachine;
import org.enclosure.snp.ops.SnpOperations;
import org.enclosure.snp.wire.FaultBits;
import org.enclosure.snp.wire.RmpEntry;
import org.enclosure.snp.wire.RmpGeometry;
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

/// One machine with an RMP, and the ASIDs of its guests. Its one setting, `rmp-pages`, is how many system pages from address 0 the
/// RMP covers; without it all are covered.
public final class SnpPlatform implements Platform {
    /// The setting's name.
    public static final String RMP_PAGES = "rmp-pages";

    private final SnpMachine machine;
    private final ArchOperations operations;
    private final Asids asids = new Asids();

    /// Opens a machine over the RAM of the context.
    ///
    /// @throws IllegalArgumentException if a setting is unknown or its value illegal
    public SnpPlatform(PlatformContext context) {
        long limit = 0;
        for (MemoryRange range : context.ranges()) {
            if (range.kind() == MemoryRange.Kind.RAM) {
                limit = Math.max(limit, range.pa() + range.bytes() >>> Paging.PAGE_SHIFT);
            }
        }
        OptionNames.check("the x86-snp platform", context.options(), Set.of(RMP_PAGES));
        String pages = context.options().get(RMP_PAGES);
        long covered = pages == null ? limit : pages(pages, limit);
        machine = SnpMachine.of(context.memory(), RmpGeometry.pages(covered), limit);
        operations = SnpOperations.of(machine);
    }

    private static long pages(String value, long limit) {
        if (!value.matches("[0-9]{1,15}") || Long.parseLong(value) > limit) {
            throw new IllegalArgumentException(
                    RMP_PAGES + "=" + value + " is not legal: a number from 0 to the " + limit
                            + " pages of the machine");
        }
        return Long.parseLong(value);
    }

    @Override
    public VmBackend create(VmContext context) {
        int asid = asids.take();
        try {
            return context.type().id().equals(SnpTypes.SNP.id()) ? new SnpVm(machine, asids, asid, context)
                    : new SevVm(machine, asids, asid, context);
        } catch (IllegalArgumentException e) {
            asids.free(asid);
            throw e;
        }
    }

    /// Reads are never refused: of a guest's page they give ciphertext. A write to a page that is assigned is a page fault with
    /// the RMP bit. A write to a page that is only encrypted goes through: whoever looks at it with the key reads rubbish there.
    @Override
    public long hostAccess(long pfn, int access, FaultDetail detail) {
        long lo = machine.rmp().lo(pfn);
        if ((lo & RmpEntry.ASSIGNED) == 0) {
            return encrypted(pfn, access, detail);
        }
        detail.pfn = pfn;
        detail.access = access;
        detail.owner = RmpEntry.asid(lo);
        detail.gfn = machine.gpa(pfn) >>> Paging.PAGE_SHIFT;
        if ((access & Access.WRITE) == 0) {
            return Status.JUNK;
        }
        detail.code = FaultBits.RMP | FaultBits.W | FaultBits.P;
        return Status.of(Status.DENIED);
    }

    /// Translations of a page that is written without its key are dropped, so that its guest looks at it again.
    private long encrypted(long pfn, int access, FaultDetail detail) {
        int key = machine.keys().key(pfn);
        if (key == KeyTable.NONE) {
            return Status.OK;
        }
        detail.pfn = pfn;
        detail.access = access;
        detail.owner = key;
        if ((access & Access.WRITE) == 0) {
            return Status.JUNK;
        }
        machine.keys().expose(pfn);
        return Status.STALE;
    }

    @Override
    public ArchOperations operations() {
        return operations;
    }

    @Override
    public LaunchPlanner launchPlanner() {
        return SnpPlanner.INSTANCE;
    }

    @Override
    public void close() {
        // All state is in memory that the engine owns, and in this object.
    }
}
