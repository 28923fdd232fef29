package org.enclosure.tdx.host;

import org.enclosure.api.Paging;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.tdx.machine.LeafCall;
import org.enclosure.tdx.machine.TdxModule;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.PageType;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.TdxStatus;

/// Takes pages from a TD in KVM's order: remove or reclaim, write back, clear. Clearing at once is what keeps private bytes from the
/// host: until it is done, nobody but this thread reaches the page.
final class Removal {
    private final TdxModule module;
    private final long td;

    Removal(TdxModule module, long td) {
        this.module = module;
        this.td = td;
    }

    /// Removes the pages of a run that were blocked and tracked; a large page as a whole only.
    long remove(long gfn, long pfn, long npages, TableWork work) {
        LeafCall call = Calls.own();
        long removed = 0;
        for (long at = gfn; at < gfn + npages;) {
            module.sept().walk(td, at << Paging.PAGE_SHIFT, 0, call);
            int level = call.level;
            long next = TdxTable.next(at, level);
            if (isOf(call, level, at, pfn + at - gfn)) {
                boolean isWhole = Paging.isAligned(at, level + 1) && next <= gfn + npages;
                if (!isWhole || !removeLeaf(at, level, call)) {
                    return stopped(at - gfn, removed, work);
                }
                removed += next - at;
            }
            at = next;
        }
        return finished(removed, npages, work);
    }

    /// What is mapped is this frame and no other.
    private static boolean isOf(LeafCall call, int level, long gfn, long pfn) {
        if (!SeptEntry.isLeaf(call.entry)) {
            return false;
        }
        long first = SeptEntry.hpa(call.entry, level) >>> Paging.PAGE_SHIFT;
        return first + (gfn & (1L << 9 * level) - 1) == pfn;
    }

    private boolean removeLeaf(long gfn, int level, LeafCall call) {
        if (module.pages().remove(gfn << Paging.PAGE_SHIFT | level, td, call) != TdxStatus.SUCCESS) {
            return false;
        }
        clear(call.rcx, level, call);
        return true;
    }

    /// Reclaims the pages of a run from a TD that is torn down.
    long reclaim(long pfn, long npages, TableWork work) {
        LeafCall call = Calls.own();
        long removed = 0;
        for (long at = pfn; at < pfn + npages;) {
            long pa = at << Paging.PAGE_SHIFT;
            if (module.pamt().typeOf(pa) != PageType.REG) {
                at++;
                continue;
            }
            int level = module.pamt().leafLevel(pa);
            long page = pa & -PageInfo.size(level);
            if (module.pamt().owner(pa, level) != td) {
                at++;
                continue;
            }
            if (module.physical().reclaim(page, call) != TdxStatus.SUCCESS) {
                return stopped(at - pfn, removed, work);
            }
            clear(page, level, call);
            long next = TdxTable.next(at, level);
            removed += Math.min(next, pfn + npages) - at;
            at = next;
        }
        return finished(removed, npages, work);
    }

    private void clear(long page, int level, LeafCall call) {
        for (long at = page; at < page + PageInfo.size(level); at += Paging.PAGE_SIZE) {
            module.physical().writeBack(at, call);
            module.memory().zero(at, Paging.PAGE_SIZE);
        }
    }

    private static long finished(long removed, long npages, TableWork work) {
        work.content = removed == 0 ? TableWork.KEPT : removed == npages ? TableWork.ZEROED : TableWork.LOST;
        return removed == 0 ? Status.SPURIOUS : Status.OK;
    }

    /// Something is in the way: what was done before it counts, and the rest has to wait.
    private static long stopped(long done, long removed, TableWork work) {
        if (done == 0) {
            return Status.of(Status.RETRY);
        }
        work.done = done;
        return finished(removed, done, work) | Status.MORE;
    }
}
