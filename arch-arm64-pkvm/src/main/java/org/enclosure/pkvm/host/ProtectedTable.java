package org.enclosure.pkvm.host;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.pkvm.machine.El2;
import org.enclosure.pkvm.wire.Descriptor;
import org.enclosure.pkvm.wire.HypErrno;
import org.enclosure.pkvm.wire.PageState;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;

/// The tables of a protected VM. A page that a guest has is out of the host's hands: nothing but the guest's own call converts it,
/// and it comes back when the VM ends, or by force where the kernel can do that. So no hole can be punched into such pages, and a
/// memslot over them stays (KVM: EPERM).
final class ProtectedTable extends PkvmTable {
    ProtectedTable(El2 el2, long handle, MemcacheFiller filler) {
        super(el2, handle, filler);
    }

    @Override
    public long map(long gfn, long pfn, int level, TableWork work) {
        if ((work.access & Access.PRIVATE) != 0) {
            return mapAt(gfn, pfn, Paging.LEVEL_4K, work);
        }
        // Only the guest can share: a shared page that is not mapped was never the guest's.
        work.level = Paging.LEVEL_4K;
        return inspection.guestPfn(handle, gfn) == pfn ? Status.SPURIOUS
                : denied(gfn, pfn, HypErrno.EPERM, work.detail);
    }

    @Override
    long give(long gfn, long pfn, int level) {
        return el2.protectedGuestCalls().donate(handle, pfn << Paging.PAGE_SHIFT, gfn);
    }

    @Override
    long refused(long gfn, long pfn, int level, long answer, TableWork work) {
        return inspection.guestPfn(handle, gfn) == pfn ? Status.SPURIOUS : denied(gfn, pfn, answer, work.detail);
    }

    /// Checks the range: EL2 takes no page away in advance, so there is nothing to do.
    @Override
    public long block(long gfn, long npages, TableWork work) {
        long mapped = 0;
        for (long at = gfn; at < gfn + npages; at = next(at)) {
            long leaf = inspection.guestDescriptor(handle, at);
            boolean isMissing = work.call != null && !Descriptor.isValid(leaf);
            if (isMissing || Descriptor.isValid(leaf) && !mayChange(leaf, work)) {
                return denied(at, Descriptor.address(leaf) >>> Paging.PAGE_SHIFT, HypErrno.EPERM, work.detail);
            }
            mapped += Descriptor.isValid(leaf) ? 1 : 0;
        }
        work.done = mapped;
        return Status.OK;
    }

    private boolean mayChange(long leaf, TableWork work) {
        int state = Descriptor.state(leaf);
        return switch (work.reason) {
            case TableWork.CONVERT -> state == (work.toPrivate ? PageState.OWNED : PageState.SHARED_OWNED)
                    || work.call != null && work.call.request == GuestCall.CONVERT
                            && work.call.toPrivate == work.toPrivate;
            // The slot itself stays (PAGES_STAY): its flags change, and the leaf remains.
            case TableWork.SLOT -> true;
            case TableWork.FORCE -> state == PageState.OWNED && el2.profile().isForcing();
            default -> false;
        };
    }

    /// Does what the guest has asked for, page by page; what is so already is passed over, so that a second try goes on where the
    /// first one stopped. A page that the guest gave up meanwhile is left as it is.
    @Override
    public long convert(long gfn, long npages, TableWork work) {
        int wanted = work.toPrivate ? PageState.OWNED : PageState.SHARED_OWNED;
        for (long at = gfn; at < gfn + npages; at = next(at)) {
            long leaf = inspection.guestDescriptor(handle, at);
            if (!Descriptor.isValid(leaf) || Descriptor.state(leaf) == wanted) {
                continue;
            }
            long answer = work.toPrivate ? el2.guestCalls().unshareHost(handle, at)
                    : el2.guestCalls().shareHost(handle, at);
            if (answer == HypErrno.ERESTART) {
                return Status.of(Status.RETRY);
            }
        }
        return Status.OK;
    }

    /// By force alone; at the end of the VM [Teardown] has taken everything before.
    @Override
    public long remove(long gfn, long pfn, long npages, TableWork work) {
        work.done = npages;
        work.content = TableWork.KEPT;
        if (work.reason != TableWork.FORCE) {
            return Status.SPURIOUS;
        }
        long taken = 0;
        for (long i = 0; i < npages; i++) {
            long answer = el2.protectedGuestCalls().forceReclaim(pfn + i << Paging.PAGE_SHIFT);
            if (answer == HypErrno.ERESTART && taken == 0) {
                return Status.of(Status.RETRY);
            }
            if (answer == HypErrno.ERESTART) {
                work.done = i;
                work.content = taken == i ? TableWork.ZEROED : TableWork.LOST;
                return Status.MORE;
            }
            taken += answer == HypErrno.OK ? 1 : 0;
        }
        work.content = taken == 0 ? TableWork.KEPT : taken == npages ? TableWork.ZEROED : TableWork.LOST;
        return taken == 0 ? Status.SPURIOUS : Status.OK;
    }

    /// There are 4K pages only.
    @Override
    public long resize(long gfn, long pfn, int level, TableWork work) {
        work.level = Paging.LEVEL_4K;
        return level == Paging.LEVEL_4K ? Status.SPURIOUS : Status.of(Status.DENIED);
    }
}
