package org.enclosure.tdx.host;

import java.util.Arrays;

import org.enclosure.api.Paging;
import org.enclosure.spi.FrameCache;
import org.enclosure.tdx.machine.LeafCall;
import org.enclosure.tdx.machine.TdxModule;
import org.enclosure.tdx.wire.TdParams;
import org.enclosure.tdx.wire.TdxStatus;

/// The root page and the control pages of a TD, from its creation to the return of the last one. Used by one thread at a time.
final class ControlPages {
    private static final int TDCX = 6;
    private static final int FRAMES = TDCX + 2;

    private final TdxModule module;
    private final LeafCall call = new LeafCall();
    private final long td;
    private final long[] controlPages = new long[TDCX];
    private int count;
    private long[] orphanPages = {};
    private int orphans;

    private ControlPages(TdxModule module, long td) {
        this.module = module;
        this.td = td;
    }

    /// Creates and initialises a TD.
    ///
    /// @throws IllegalArgumentException if frames or keys are missing, or the module refuses; nothing is kept then
    static ControlPages create(TdxModule module, FrameCache frames, TdSettings settings) {
        if (frames.size() < FRAMES) {
            throw new IllegalArgumentException(
                    "a TD needs " + FRAMES + " control frames and was given " + frames.size());
        }
        ControlPages pages = new ControlPages(module, frames.pop() << Paging.PAGE_SHIFT);
        long status = TdxStatus.HKID_NOT_FREE;
        while (status == TdxStatus.HKID_NOT_FREE && module.environment().freeKey() >= 0) {
            status = pages.build(module.environment().freeKey(), frames, settings);
        }
        if (status == TdxStatus.HKID_NOT_FREE) {
            frames.push(pages.td >>> Paging.PAGE_SHIFT);
            throw new IllegalArgumentException("the machine has no private key left; it has 31");
        }
        if (status != TdxStatus.SUCCESS) {
            if (!pages.close(frames)) {
                frames.push(pages.td >>> Paging.PAGE_SHIFT);
            }
            throw new IllegalArgumentException(
                    "the TDX module does not build the TD: status 0x" + Long.toHexString(status));
        }
        return pages;
    }

    private long build(int hkid, FrameCache frames, TdSettings settings) {
        long status = module.tds().create(td, hkid, call);
        if (status == TdxStatus.SUCCESS) {
            status = module.tds().configureKey(td, call);
        }
        while (status == TdxStatus.SUCCESS && count < TDCX) {
            long page = frames.pop() << Paging.PAGE_SHIFT;
            status = module.tds().addControlPage(page, td, call);
            if (status == TdxStatus.SUCCESS) {
                controlPages[count++] = page;
            } else {
                frames.push(page >>> Paging.PAGE_SHIFT);
            }
        }
        return status == TdxStatus.SUCCESS ? initialise(frames, settings) : status;
    }

    private long initialise(FrameCache frames, TdSettings settings) {
        long params = frames.pop() << Paging.PAGE_SHIFT;
        TdParams.write(module.memory(), params, settings.attributes(), settings.maxVcpus(), settings.gpaw() == 52);
        long status = module.tds().init(td, params, call);
        module.memory().zero(params, TdParams.BYTES);
        frames.push(params >>> Paging.PAGE_SHIFT);
        return status;
    }

    /// Address of the root page.
    long td() {
        return td;
    }

    /// No vCPU can enter any more, and pages can be reclaimed.
    boolean releaseKey() {
        if (!isDone(module.tds().flushDone(td, call))) {
            return false;
        }
        module.physical().writeBackCaches(0, call); // a warning: another TD's way down has done it for this one
        return isDone(module.tds().freeKey(td, call));
    }

    private static boolean isDone(long status) {
        return status == TdxStatus.SUCCESS || status == TdxStatus.LIFECYCLE_STATE_INCORRECT;
    }

    /// A vCPU is closed: one of its pages is reclaimed if the TD can be torn down, else with the TD.
    ///
    /// @return whether the page is the host's again
    boolean closeVcpu(long page) {
        if (releaseKey() && reclaim(page)) {
            return true;
        }
        keep(page);
        return false;
    }

    /// A page of a vCPU goes with the TD.
    void keep(long page) {
        orphanPages = Arrays.copyOf(orphanPages, orphans + 1);
        orphanPages[orphans++] = page;
    }

    /// Takes one page back from the TD and clears it.
    boolean reclaim(long page) {
        if (module.physical().reclaim(page, call) != TdxStatus.SUCCESS) {
            return false;
        }
        module.physical().writeBack(page, call);
        module.memory().zero(page, Paging.PAGE_SIZE);
        return true;
    }

    /// Gives all back that is left, the root page last.
    ///
    /// @return false if pages of the TD are still out
    boolean close(FrameCache frames) {
        releaseKey();
        while (orphans > 0 && reclaim(orphanPages[orphans - 1])) {
            frames.push(orphanPages[--orphans] >>> Paging.PAGE_SHIFT);
        }
        while (count > 0 && reclaim(controlPages[count - 1])) {
            frames.push(controlPages[--count] >>> Paging.PAGE_SHIFT);
        }
        if (count > 0 || !reclaim(td)) {
            return false;
        }
        frames.push(td >>> Paging.PAGE_SHIFT);
        return true;
    }
}
