package org.enclosure.testarch.host;

import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
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
import org.enclosure.spi.VmTrait;
import org.enclosure.testarch.launch.TestPlanner;
import org.enclosure.testarch.machine.FrameWord;
import org.enclosure.testarch.machine.TestMachine;
import org.enclosure.testarch.ops.TestOperations;

/// One machine, and the numbers of its VMs. It has no settings.
public final class TestPlatform implements Platform {
    private final TestMachine machine;
    private final ArchOperations operations;
    private final AtomicInteger lastOwner = new AtomicInteger();

    /// Opens a machine over the RAM of the context.
    public TestPlatform(PlatformContext context) {
        OptionNames.check("the test platform", context.options(), Set.of());
        long limit = 0;
        for (MemoryRange range : context.ranges()) {
            if (range.kind() == MemoryRange.Kind.RAM) {
                limit = Math.max(limit, range.pa() + range.bytes() >>> Paging.PAGE_SHIFT);
            }
        }
        machine = TestMachine.of(context.memory(), limit);
        operations = new TestOperations(machine);
    }

    @Override
    public VmBackend create(VmContext context) {
        OptionNames.check("a VM of the test platform", context.options(), Set.of());
        if (lastOwner.get() == FrameWord.MAX_OWNER) {
            throw new IllegalArgumentException("the machine has no owner number left; it has " + FrameWord.MAX_OWNER);
        }
        int owner = lastOwner.incrementAndGet();
        return context.type().traits().has(VmTrait.PRIVATE_TABLE_OWNED) ? new BackendOwnedVm(machine, owner, context)
                : new CoreOwnedVm(machine, owner, context);
    }

    /// What is read of a private frame is junk ([org.enclosure.testarch.machine.FrameTable#scrambled] of each word, as
    /// HOST.READ64 shows). A write is refused, or, where the frame's VM has integrity protection, poisons the page: the VM dies
    /// when it touches it.
    @Override
    public long hostAccess(long pfn, int access, FaultDetail detail) {
        while (true) {
            long word = machine.frames().word(pfn);
            boolean isMemory = machine.frames().exists(pfn, 1);
            if (word == FrameWord.HOST && isMemory) {
                return Status.OK;
            }
            detail.pfn = pfn;
            detail.access = access;
            detail.gfn = FrameWord.gfn(word);
            detail.code = word;
            detail.owner = isMemory ? FrameWord.owner(word) : FaultDetail.NOBODY;
            if (isMemory && (access & Access.WRITE) == 0) {
                return Status.JUNK;
            }
            if ((word & FrameWord.INTEGRITY) == 0) {
                return Status.of(Status.DENIED);
            }
            if (machine.frames().poison(pfn, word)) {
                return Status.POISONED | Status.STALE;
            }
        }
    }

    @Override
    public ArchOperations operations() {
        return operations;
    }

    @Override
    public LaunchPlanner launchPlanner() {
        return TestPlanner.INSTANCE;
    }

    @Override
    public void close() {
        // All state is in memory that the engine owns, and in this object.
    }
}
