package org.enclosure.tdx.host;

import org.enclosure.api.Paging;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.VcpuContext;
import org.enclosure.tdx.machine.LeafCall;
import org.enclosure.tdx.machine.TdxModule;
import org.enclosure.tdx.machine.VcpuLeaves;
import org.enclosure.tdx.wire.TdxStatus;

/// The root page and the control pages of a vCPU, from its creation to its end.
final class VcpuPages {
    private static final int BUSY_ROUNDS = 10_000;

    private final TdxModule module;
    private final ControlPages td;
    private final FrameCache frames;
    private final long[] pages = new long[VcpuLeaves.PAGES];
    private final LeafCall call = new LeafCall();
    private int count;

    private VcpuPages(TdxModule module, ControlPages td, FrameCache frames) {
        this.module = module;
        this.td = td;
        this.frames = frames;
    }

    /// Creates and initialises a vCPU.
    ///
    /// @throws IllegalArgumentException if frames are missing
    /// @throws IllegalStateException if the module refuses: the measurement is final, or the TD is dead
    static VcpuPages create(TdxModule module, ControlPages td, VcpuContext context) {
        FrameCache frames = context.frames();
        if (frames.size() < VcpuLeaves.PAGES) {
            throw new IllegalArgumentException("a vCPU needs " + VcpuLeaves.PAGES
                    + " control frames and was given " + frames.size());
        }
        VcpuPages pages = new VcpuPages(module, td, frames);
        long status = pages.build();
        if (status != TdxStatus.SUCCESS) {
            for (int i = 0; i < pages.count; i++) {
                td.keep(pages.pages[i]);
            }
            throw new IllegalStateException("the TDX module does not make vCPU " + context.index() + ": status 0x"
                    + Long.toHexString(status) + "; vCPUs are created before the launch is finished");
        }
        return pages;
    }

    /// TDH.VP.CREATE, ADDCX for each further page, INIT.
    private long build() {
        while (count < pages.length) {
            long page = frames.pop() << Paging.PAGE_SHIFT;
            long status = add(page);
            if (status != TdxStatus.SUCCESS) {
                frames.push(page >>> Paging.PAGE_SHIFT);
                return status;
            }
            pages[count++] = page;
        }
        long status = TdxStatus.OPERAND_BUSY;
        for (int round = 0; TdxStatus.isBusy(status) && round < BUSY_ROUNDS; round++) {
            status = module.vcpus().init(pages[0], 0, call);
        }
        return status;
    }

    private long add(long page) {
        long status = TdxStatus.OPERAND_BUSY;
        for (int round = 0; TdxStatus.isBusy(status) && round < BUSY_ROUNDS; round++) {
            status = count == 0 ? module.vcpus().create(page, td.td(), call)
                    : module.vcpus().addControlPage(page, pages[0], call);
        }
        return status;
    }

    /// Gives the pages back: those that cannot be reclaimed yet go with the TD.
    void close() {
        for (long page : pages) {
            if (td.closeVcpu(page)) {
                frames.push(page >>> Paging.PAGE_SHIFT);
            }
        }
    }
}
