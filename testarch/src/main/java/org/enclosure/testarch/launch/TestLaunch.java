package org.enclosure.testarch.launch;

import org.enclosure.api.Paging;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;

/// Loads the pages of one VM and measures what is in the frames then.
public final class TestLaunch implements LaunchSession {
    private final PhysicalMemory memory;
    private final PageLoader loader;
    private final Measurement measurement = new Measurement();
    private boolean finished;

    /// Starts a launch.
    public TestLaunch(PhysicalMemory memory, PageLoader loader) {
        this.memory = memory;
        this.loader = loader;
    }

    @Override
    public long page(LaunchItem item, long pfn, long sourcePfn, TableWork work) {
        checkNotFinished();
        if (item.kind() != LaunchItem.Kind.PAGE) {
            throw new IllegalArgumentException("a launch on the test platform has pages only, not " + item);
        }
        long source = item.imageOffset() < 0 ? -1 : sourcePfn << Paging.PAGE_SHIFT;
        long status = loader.load(item, pfn, source, work);
        if (status == Status.OK) {
            measurement.extend(item, content(pfn << Paging.PAGE_SHIFT));
        }
        return status;
    }

    @Override
    public LaunchResult finish(TableWork work) {
        checkNotFinished();
        finished = true;
        return measurement.result();
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
