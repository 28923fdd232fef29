package org.enclosure.tdx.host;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

import org.enclosure.api.Paging;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.spi.VmTraits;
import org.enclosure.tdx.guest.TdxGuestDriver;
import org.enclosure.tdx.launch.TdxPlanner;
import org.enclosure.tdx.machine.LeafCall;
import org.enclosure.tdx.machine.TdxModule;
import org.enclosure.tdx.wire.PageInfo;

/// One TD: its root page and control pages, created as KVM does, and given back in the reverse order.
final class TdxVm implements VmBackend {
    private static final int BUSY_ROUNDS = 1000;

    private final TdxModule module;
    private final VmTraits traits;
    private final TdSettings settings;
    private final FrameCache frames;
    private final ControlPages pages;
    private final TdxTable table;
    private final AtomicBoolean launched = new AtomicBoolean();
    /// Where the search for table pages has got to.
    private final LeafCall search = new LeafCall();

    TdxVm(TdxModule module, VmContext context) {
        this.module = module;
        traits = context.type().traits();
        settings = TdSettings.of(context);
        frames = context.frames();
        pages = ControlPages.create(module, frames, settings);
        table = new TdxTable(module, pages, settings);
    }

    @Override
    public VmTraits traits() {
        return traits;
    }

    @Override
    public GuestTable table() {
        return table;
    }

    @Override
    public VcpuBackend createVcpu(VcpuContext context) {
        return new TdxVcpu(module, pages, settings, context);
    }

    @Override
    public LaunchSession launch(Map<String, String> options) {
        TdxPlanner.checkOptions(options);
        if (!launched.compareAndSet(false, true)) {
            throw new IllegalStateException("the TD has been launched before; a TD is launched at most once");
        }
        return new TdxLaunch(module, pages.td(), table);
    }

    @Override
    public GuestDriver guestDriver() {
        return new TdxGuestDriver(PageInfo.sharedBit(settings.gpaw()));
    }

    /// The vCPUs are out: the key is given back, then every table page is reclaimed, children before their parents.
    @Override
    public long teardown(TableWork work) {
        if (!pages.releaseKey()) {
            return Status.of(Status.RETRY);
        }
        while (work.frames.size() < work.frames.capacity()) {
            long page = module.tables().lowestTable(pages.td(), search);
            if (page < 0) {
                return Status.OK;
            }
            if (!pages.reclaim(page)) {
                return Status.of(Status.RETRY);
            }
            work.frames.push(page >>> Paging.PAGE_SHIFT);
        }
        return Status.MORE;
    }

    @Override
    public void close() {
        for (int round = 0; round < BUSY_ROUNDS; round++) {
            if (pages.close(frames)) {
                return;
            }
            Thread.onSpinWait();
        }
        throw new IllegalStateException("the TD at 0x" + Long.toHexString(pages.td())
                + " still has pages: they have to be removed before it is closed");
    }
}
