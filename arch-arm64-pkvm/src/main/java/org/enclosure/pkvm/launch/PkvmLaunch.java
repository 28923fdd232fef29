package org.enclosure.pkvm.launch;

import org.enclosure.api.Paging;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;

/// Loads the payload of one VM: each page is put into its frame and given to the guest, and only then read for the transcript, so that
/// nobody can change it in between.
public final class PkvmLaunch implements LaunchSession {
    private final PhysicalMemory memory;
    private final PageLoader loader;
    private final Transcript transcript = new Transcript();
    private boolean finished;

    /// Starts a launch.
    public PkvmLaunch(PhysicalMemory memory, PageLoader loader) {
        this.memory = memory;
        this.loader = loader;
    }

    @Override
    public long page(LaunchItem item, long pfn, long sourcePfn, TableWork work) {
        checkNotFinished();
        if (item.kind() != LaunchItem.Kind.PAGE) {
            throw new IllegalArgumentException("a launch on the arm64-pkvm platform has pages only, not " + item);
        }
        long pa = pfn << Paging.PAGE_SHIFT;
        if (sourcePfn != pfn) {
            memory.copy(sourcePfn << Paging.PAGE_SHIFT, pa, Paging.PAGE_SIZE);
        }
        long status = loader.load(item, pfn, work);
        if (status == Status.OK) {
            transcript.extend(item, content(pa));
        }
        return status;
    }

    @Override
    public LaunchResult finish(TableWork work) {
        checkNotFinished();
        finished = true;
        return transcript.result();
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
