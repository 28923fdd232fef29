package org.enclosure.tck.machine;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VmTraits;

/// Drives the tables of a VM in the engine's place, while the engine does nothing. For one thread.
///
/// The frames that it maps are pages that the VM's store has allocated and no guest has used, so that the engine finds nothing
/// at the end that it does not know.
public final class DirectTable implements AutoCloseable {
    /// How long a call is tried again: another thread that is in the middle of a change may not have a core for a while.
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(1);

    private final TestVm vm;
    private final GuestTable table;
    private final TableWork work = new TableWork(new FrameCache(2 * VmTraits.MAX_FRAMES));

    /// Drives the tables of a VM.
    public DirectTable(TestVm vm) {
        this.vm = vm;
        table = vm.backend().table();
    }

    /// What the last call left behind.
    public TableWork work() {
        return work;
    }

    /// Tops the table frames up.
    public DirectTable withFrames(int wanted) {
        if (!vm.host().core().topUp(work.frames, wanted)) {
            throw new AssertionError("the test's host is out of frames");
        }
        return this;
    }

    /// Gives all table frames back.
    public DirectTable withoutFrames() {
        vm.host().core().drain(work.frames);
        return this;
    }

    /// Allocates a page that no guest has used.
    ///
    /// @param level of the folio; where there is no folio of that level the pages are small
    /// @return its frame
    public long fresh(long gpa, int level) {
        vm.store().allocate(gpa, Paging.pages(level) << Paging.PAGE_SHIFT);
        return vm.pfn(gpa);
    }

    /// Maps a private page with all frames that it may need; tries again for a while if the answer is RETRY.
    public long map(long gpa, long pfn, int level) {
        withFrames(VmTraits.MAX_FRAMES);
        return settled(() -> mapOnce(gpa, pfn, level, Access.READ | Access.WRITE | Access.PRIVATE));
    }

    /// Maps once, with the frames that there are.
    public long mapOnce(long gpa, long pfn, int level, int access) {
        work.reset(TableWork.FAULT, access);
        return table.map(gpa >>> Paging.PAGE_SHIFT, pfn, level, work);
    }

    /// Blocks private pages.
    ///
    /// @param toPrivate false for a conversion to shared
    public long block(long gpa, long npages, int reason, boolean toPrivate) {
        return settled(() -> {
            work.reset(reason, Access.PRIVATE);
            work.toPrivate = toPrivate;
            return table.block(gpa >>> Paging.PAGE_SHIFT, npages, work);
        });
    }

    /// Flushes until it is done.
    public long flush() {
        return settled(() -> {
            work.reset(TableWork.CONVERT, Access.PRIVATE);
            return table.flush(work);
        });
    }

    /// Removes private pages.
    public long remove(long gpa, long pfn, long npages, int reason) {
        return settled(() -> {
            work.reset(reason, Access.PRIVATE);
            work.toPrivate = false;
            return table.remove(gpa >>> Paging.PAGE_SHIFT, pfn, npages, work);
        });
    }

    /// Blocks, flushes and removes private pages for a hole.
    ///
    /// @return the first answer that is not good, or the answer of `remove`
    public long punch(long gpa, long pfn, long npages) {
        long status = block(gpa, npages, TableWork.PUNCH, true);
        status = status < 0 ? status : flush();
        return status < 0 ? status : remove(gpa, pfn, npages, TableWork.PUNCH);
    }

    /// Makes the mapping of a page one of a level.
    public long resize(long gpa, long pfn, int level) {
        withFrames(VmTraits.MAX_FRAMES);
        return settled(() -> {
            work.reset(TableWork.CONVERT, Access.PRIVATE);
            return table.resize(gpa >>> Paging.PAGE_SHIFT, pfn, level, work);
        });
    }

    /// The state of a page, in the architecture's words.
    public String state(long gpa, long pfn) {
        work.reset(TableWork.FAULT, Access.READ | Access.PRIVATE);
        int index = (int) table.inspect(gpa >>> Paging.PAGE_SHIFT, pfn, work);
        return vm.type().pageStates().get(index);
    }

    private static long settled(LongSupplier call) {
        long begin = System.nanoTime();
        long status = call.getAsLong();
        while (Status.kind(status) == Status.RETRY && System.nanoTime() - begin < PATIENCE_NANOS) {
            LockSupport.parkNanos(PAUSE_NANOS);
            status = call.getAsLong();
        }
        return status;
    }

    /// Gives the frames that are left back.
    @Override
    public void close() {
        withoutFrames();
    }
}
