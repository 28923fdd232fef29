package org.enclosure.core.vm;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import org.enclosure.api.Paging;
import org.enclosure.api.vm.Migration;
import org.enclosure.api.vm.MigrationSnapshot;
import org.enclosure.api.vm.PageRange;
import org.enclosure.core.machine.VmCore;

/// One look at everything, under the mutation lock: a conversion is before it or after it.
final class MigrationImpl implements Migration {
    private final VmCore vm;
    private final SharedPagesImpl shared;
    private final ReentrantLock mutation;
    private long epoch;

    MigrationImpl(VmCore vm, SharedPagesImpl shared) {
        this.vm = vm;
        this.shared = shared;
        mutation = vm.mutation();
    }

    @Override
    public MigrationSnapshot snapshot() {
        List<PageRange> dirty = new ArrayList<>();
        mutation.lock();
        try {
            vm.checkOpen();
            vm.dirty().fetchAndClear(vm.slots(),
                    (gfn, pages) -> dirty.add(new PageRange(gfn << Paging.PAGE_SHIFT, pages << Paging.PAGE_SHIFT)));
            return new MigrationSnapshot(epoch++, MergedRanges.union(dirty), shared.collect());
        } finally {
            mutation.unlock();
        }
    }
}
