package org.enclosure.tck.schedule.scene;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.api.vm.PageReport;
import org.enclosure.api.vm.Vm;
import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.S2Format;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.tck.forward.ForwardingPlatform;
import org.enclosure.tck.forward.ForwardingProvider;
import org.enclosure.tck.oracle.EngineLeaves;
import org.jspecify.annotations.Nullable;

/// A plugin around another one, that poisons the frames that leave the tables for a hole: whoever still uses them is found. It
/// looks at the engine's leaves, too.
final class PoisonedProvider extends ForwardingProvider {
    private final List<Long> poisoned = new ArrayList<>();
    private @Nullable PhysicalMemory memory;
    private @Nullable VmBackend first;
    private long rootPfn;
    private int pages;

    PoisonedProvider(ArchitectureProvider inner) {
        super(inner);
    }

    private PhysicalMemory memory() {
        if (memory == null) {
            throw new IllegalStateException("the machine was not opened");
        }
        return memory;
    }

    /// From now on frames are poisoned.
    ///
    /// @param watched pages of the first VM
    void watch(Vm vm, int watched) {
        pages = watched;
        checkLeaves(vm);
    }

    /// Every leaf of the first VM agrees with the kind of its page, and with the frame that is behind it.
    void checkLeaves(Vm vm) {
        VmBackend backend = first;
        S2Format format = backend == null ? null : backend.traits().format();
        if (backend == null || format == null) {
            return;
        }
        EngineLeaves leaves = new EngineLeaves(memory(), format, rootPfn);
        for (int gfn = 0; gfn < pages; gfn++) {
            long leaf = leaves.pfn(gfn);
            PageReport report = vm.inspect((long) gfn << Paging.PAGE_SHIFT);
            boolean isRight = leaf == EngineLeaves.NONE || report.pa() == leaf << Paging.PAGE_SHIFT
                    && backend.traits().engineOwns(report.kind().isPrivate());
            if (!isRight) {
                throw new AssertionError("gfn 0x" + Integer.toHexString(gfn) + " is " + report.kind() + " in frame 0x"
                        + Long.toHexString(report.pa() >>> Paging.PAGE_SHIFT) + " and has a leaf to frame 0x"
                        + Long.toHexString(leaf));
            }
        }
    }

    /// Nobody has written to a frame after it had left the tables, but its next owner.
    void checkPoison(Vm vm) {
        for (long pa : poisoned) {
            long word = memory().getLong(pa);
            if (Words.isGuests(word)) {
                PageReport report = vm.inspect((long) Words.page(word) << Paging.PAGE_SHIFT);
                if (report.pa() != pa) {
                    throw new AssertionError("frame 0x" + Long.toHexString(pa >>> Paging.PAGE_SHIFT)
                            + " was taken away, and then page " + Words.page(word) + " wrote 0x"
                            + Long.toHexString(word)
                            + " into it");
                }
            }
        }
    }

    private void poison(long pfn, long npages) {
        for (long at = pfn; pages > 0 && at < pfn + npages; at++) {
            long pa = at << Paging.PAGE_SHIFT;
            memory().putLong(pa, Words.poison());
            poisoned.add(pa);
        }
    }

    @Override
    public Platform open(PlatformContext context) {
        memory = context.memory();
        return new ForwardingPlatform(super.open(context)) {
            @Override
            public VmBackend create(VmContext vm) {
                VmBackend backend = super.create(vm);
                if (first != null) {
                    return backend;
                }
                rootPfn = vm.rootPfn();
                VmBackend watched = new PoisonedVm(backend, PoisonedProvider.this::isLeaving);
                first = watched;
                return watched;
            }
        };
    }

    /// The plugin has taken a run out of its tables.
    private void isLeaving(GuestTable table, long pfn, long npages, TableWork work) {
        if (work.reason == TableWork.PUNCH && (work.access & ~Access.PRIVATE) == 0) {
            poison(pfn, npages);
            work.content = TableWork.LOST;
        }
    }
}
