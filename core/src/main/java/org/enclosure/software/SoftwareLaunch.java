package org.enclosure.software;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;

/// Loads pages into a VM that has not run: takes the frame, fills it, writes down what is in it.
final class SoftwareLaunch implements LaunchSession {
    private final PhysicalMemory memory;
    private final SoftwareTable table;
    private final boolean hasPrivate;
    private final Transcript transcript = new Transcript();
    private boolean finished;

    SoftwareLaunch(PhysicalMemory memory, SoftwareTable table, boolean hasPrivate) {
        this.memory = memory;
        this.table = table;
        this.hasPrivate = hasPrivate;
    }

    @Override
    public long page(LaunchItem item, long pfn, long sourcePfn, TableWork work) {
        checkNotFinished();
        if (item.kind() != LaunchItem.Kind.PAGE) {
            throw new IllegalArgumentException("a launch on the software platform has pages only, not " + item);
        }
        work.access = hasPrivate ? work.access | Access.PRIVATE : work.access & ~Access.PRIVATE;
        long status = table.map(item.gfn(), pfn, Paging.LEVEL_4K, work);
        if (status >= 0) {
            fill(item, pfn << Paging.PAGE_SHIFT, sourcePfn << Paging.PAGE_SHIFT);
            transcript.page(item.gfn(), content(pfn << Paging.PAGE_SHIFT));
            return Status.OK; // the page may have been mapped by a pre-fault
        }
        return status;
    }

    @Override
    public LaunchResult finish(TableWork work) {
        checkNotFinished();
        finished = true;
        return transcript.result();
    }

    private void fill(LaunchItem item, long pa, long sourcePa) {
        if (item.imageOffset() < 0) {
            memory.zero(pa, Paging.PAGE_SIZE);
        } else if (sourcePa != pa) {
            memory.copy(sourcePa, pa, Paging.PAGE_SIZE);
        }
    }

    private byte[] content(long pa) {
        byte[] bytes = new byte[(int) Paging.PAGE_SIZE];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = memory.getByte(pa + i);
        }
        return bytes;
    }

    private void checkNotFinished() {
        if (finished) {
            throw new IllegalStateException("the launch is finished; no step can follow");
        }
    }
}
