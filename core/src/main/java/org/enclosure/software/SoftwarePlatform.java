package org.enclosure.software;

import static org.enclosure.spi.VmTrait.PRIVATE_MEMORY;

import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import org.enclosure.api.Errno;
import org.enclosure.api.Paging;
import org.enclosure.spi.ArchOperations;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.OptionNames;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.Status;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;

/// One machine: its memory and the record of private frames. It has no settings.
final class SoftwarePlatform implements Platform {
    private final PhysicalMemory memory;
    private final FrameOwners owners;
    private final ArchOperations operations;
    private final AtomicInteger lastOwner = new AtomicInteger();

    SoftwarePlatform(PlatformContext context) {
        OptionNames.check("the software platform", context.options(), Set.of());
        memory = context.memory();
        owners = new FrameOwners(frameLimit(context));
        operations = new SoftwareOperations(new SoftwareMachine(memory, owners));
    }

    @Override
    public VmBackend create(VmContext context) {
        SoftwareOptions options = SoftwareOptions.of(context.options(), context.type().traits().has(PRIVATE_MEMORY));
        return new SoftwareVm(context.type(), options, lastOwner.updateAndGet(Math::incrementExact), owners, memory);
    }

    @Override
    public long hostAccess(long pfn, int access, FaultDetail detail) {
        int owner = owners.owner(pfn);
        boolean isMemory = owners.exists(pfn, 1) && memory.contains(pfn << Paging.PAGE_SHIFT, Paging.PAGE_SIZE);
        if (isMemory && owner == FrameOwners.NOBODY) {
            return Status.OK;
        }
        detail.pfn = pfn;
        detail.access = access;
        detail.owner = owner == FrameOwners.NOBODY ? FaultDetail.NOBODY : owner;
        detail.code = -Errno.EFAULT.number();
        return Status.of(Status.DENIED, 0, Errno.EFAULT.number());
    }

    @Override
    public ArchOperations operations() {
        return operations;
    }

    @Override
    public LaunchPlanner launchPlanner() {
        return SoftwarePlanner.INSTANCE;
    }

    @Override
    public void close() {
        // The record is plain memory of this object.
    }

    private static long frameLimit(PlatformContext context) {
        long limit = 0;
        for (MemoryRange range : context.ranges()) {
            if (range.kind() == MemoryRange.Kind.RAM) {
                limit = Math.max(limit, range.pa() + range.bytes() >>> Paging.PAGE_SHIFT);
            }
        }
        return limit;
    }
}
