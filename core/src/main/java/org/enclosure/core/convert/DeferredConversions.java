package org.enclosure.core.convert;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.policy.ConversionOrigin;
import org.enclosure.core.machine.PendingPages;
import org.enclosure.core.machine.PolicyChoices.Convert;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.slot.MemoryObject;
import org.enclosure.core.slot.PageBacking;
import org.enclosure.core.slot.PinTable;
import org.enclosure.core.slot.PinWatch;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.core.translation.TranslationHolder;
import org.enclosure.spi.GuestCall;
import org.jspecify.annotations.Nullable;

/// What the guest has asked back while the host held it: taken from the guest, told to be done, and carried out later, when the
/// guest touches it or when the last reference goes (policies `convert` = `vcpu-2b` and `pending`, `docs/policies.md`).
public final class DeferredConversions implements PinWatch {
    private final ConversionEngine engine;
    private final VmCore vm;
    private final ReentrantLock mutation;
    private final PendingPages pending;
    private final boolean completesByItself;
    private final ThreadLocal<Settlement> settlements = ThreadLocal.withInitial(Settlement::new);

    /// One try to carry out what was put off. Owned by the thread or vCPU that tries, reused.
    public static final class Settlement {
        private final RequestView view = new RequestView();
        private final GuestCall call = new GuestCall();
        private @Nullable GuestMemoryException refusal;

        /// Creates one.
        public Settlement() {
        }

        /// Why the last try failed; null if it did not.
        public @Nullable GuestMemoryException refusal() {
            return refusal;
        }
    }

    DeferredConversions(ConversionEngine engine) {
        this.engine = engine;
        vm = engine.vm();
        mutation = vm.mutation();
        pending = vm.pending();
        completesByItself = vm.policies().convert() == Convert.PENDING;
    }

    // ---- the guest asks -------------------------------------------------------------------------------------------------

    /// Takes a range that the guest wants back from host and guest before anybody has decided. A touch brings it back.
    ///
    /// @param request its range was not checked
    public void unmap(RequestView request, GuestCall call, @Nullable TranslationHolder self) {
        mutation.lock();
        try {
            GuestRange.check(request.gpa(), request.bytes(), vm.gfnLimit());
            engine.collect(request, true);
            engine.detach(call, -1, self);
        } catch (GuestMemoryException e) {
            // Whoever decides meets the same refusal and answers it.
            request.refuse(e);
        } finally {
            engine.parts().clear();
            mutation.unlock();
        }
    }

    /// Takes a range from the guest until it can be converted.
    ///
    /// @param request was refused because somebody holds a page
    /// @throws GuestMemoryException EINVAL if a part cannot become private; EIO if the architecture refuses
    public void defer(RequestView request, GuestCall call, @Nullable TranslationHolder self) {
        boolean done = false;
        mutation.lock();
        try {
            engine.collect(request, true);
            engine.detach(call, call.style, self);
            done = true;
        } finally {
            if (!done) {
                forget(engine.parts());
            }
            engine.parts().clear();
            mutation.unlock();
        }
        if (completesByItself) {
            settleFree(self);
        }
    }

    void note(PartList parts, int style) {
        for (int i = 0; i < parts.size(); i++) {
            pending.add(parts.get(i).gfn, parts.get(i).endGfn(), style);
        }
    }

    /// Whatever the tables said was in reach: nobody has a translation of a page that was noted.
    void shootdown(PartList parts, @Nullable TranslationHolder self) {
        for (int i = 0; i < parts.size(); i++) {
            vm.domain().shootdown(parts.get(i).gfn, parts.get(i).endGfn(), self);
        }
    }

    // ---- it is carried out ----------------------------------------------------------------------------------------------

    /// Converts the free stretch of pending pages around a gfn.
    ///
    /// @return whether the page is not pending any more; else the settlement says why it is
    public boolean settle(long gfn, int vcpu, Settlement settlement, @Nullable TranslationHolder self) {
        settlement.refusal = null;
        try {
            while (prepare(gfn, vcpu, settlement)) {
                if (engine.convertOrPass(settlement.view, settlement.call, self)) {
                    return true;
                }
            }
        } catch (GuestMemoryException e) {
            settlement.refusal = e;
            return false;
        }
        return true;
    }

    /// @return false if the page is not pending
    private boolean prepare(long gfn, int vcpu, Settlement settlement) {
        mutation.lock();
        try {
            if (!pending.holds(gfn)) {
                return false;
            }
            SlotEntry slot = vm.slots().find(gfn);
            PageBacking half = slot == null ? null : slot.half(false);
            if (slot == null || half == null) {
                pending.remove(gfn, pending.endOf(gfn));
                return false;
            }
            long shift = half.base() - slot.baseGfn();
            PinTable pins = half.object().pins();
            checkFree(pins, gfn + shift);
            long start = pins.freeFrom(Math.max(pending.startOf(gfn), slot.baseGfn()) + shift, gfn + shift) - shift;
            long end = pins.firstKept(gfn + shift, Math.min(pending.endOf(gfn), slot.endGfn()) + shift) - shift;
            settlement.view.set(start << Paging.PAGE_SHIFT, end - start << Paging.PAGE_SHIFT, true,
                    ConversionOrigin.GUEST_CALL, vcpu).settling();
            describe(settlement.call, start, end);
            return true;
        } finally {
            mutation.unlock();
        }
    }

    private static void checkFree(PinTable pins, long page) {
        if (pins.firstKept(page, page + 1) == page) {
            List<String> holders = pins.holders(page);
            throw new GuestMemoryException(Errno.EAGAIN,
                    "the guest has asked for a page back that is held by " + String.join(", ", holders), 0, holders);
        }
    }

    /// For the tables it is still the guest's request.
    private void describe(GuestCall call, long start, long end) {
        call.reset();
        call.request = GuestCall.CONVERT;
        call.style = pending.style();
        call.gfn = start;
        call.npages = end - start;
        call.toPrivate = true;
    }

    /// Converts all pending pages that nobody holds.
    private void settleFree(@Nullable TranslationHolder self) {
        Settlement settlement = settlements.get();
        for (long gfn = nextFree(0); gfn >= 0;) {
            long end = pending.endOf(gfn);
            gfn = nextFree(settle(gfn, -1, settlement, self) ? gfn : Math.max(gfn + 1, end));
        }
    }

    /// The first pending gfn from `from` that nobody holds, or -1.
    private long nextFree(long from) {
        mutation.lock();
        try {
            for (long gfn = pending.next(from); gfn >= 0; gfn = pending.next(gfn)) {
                SlotEntry slot = vm.slots().find(gfn);
                PageBacking half = slot == null ? null : slot.half(false);
                if (slot == null || half == null) {
                    return gfn;
                }
                long shift = half.base() - slot.baseGfn();
                long end = Math.min(pending.endOf(gfn), slot.endGfn());
                long free = half.object().pins().firstFree(gfn + shift, end + shift) - shift;
                if (free < end) {
                    return free;
                }
                gfn = end;
            }
            return -1;
        } finally {
            mutation.unlock();
        }
    }

    // ---- it is forgotten ------------------------------------------------------------------------------------------------

    /// Whether all pages of a request are pending. The caller holds the mutation lock.
    boolean isPending(RequestView request) {
        long start = request.gpa() >>> Paging.PAGE_SHIFT;
        return pending.holdsAll(start, start + (request.bytes() >>> Paging.PAGE_SHIFT));
    }

    /// The parts are not pending any more. The caller holds the mutation lock.
    void forget(PartList parts) {
        for (int i = 0; !pending.isEmpty() && i < parts.size(); i++) {
            if (parts.get(i).isBound()) {
                pending.remove(parts.get(i).gfn, parts.get(i).endGfn());
            }
        }
    }

    /// Nothing is pending any more.
    public void forgetAll() {
        mutation.lock();
        try {
            pending.remove(0, Long.MAX_VALUE);
        } finally {
            mutation.unlock();
        }
    }

    // ---- references -----------------------------------------------------------------------------------------------------

    @Override
    @SuppressWarnings("ReferenceEquality") // an object is an identity
    public boolean forbids(MemoryObject object, long start, long end, String holder) {
        if (!completesByItself || pending.isEmpty()) {
            return false;
        }
        for (int i = 0; i < vm.slots().size(); i++) {
            SlotEntry slot = vm.slots().entry(i);
            PageBacking half = slot.half(false);
            if (half != null && half.object() == object) {
                long shift = half.base() - slot.baseGfn();
                long first = Math.max(start - shift, slot.baseGfn());
                long last = Math.min(end - shift, slot.endGfn());
                if (first < last && asksForNew(half.object().pins(), shift, first, last, holder)) {
                    return true;
                }
            }
        }
        return false;
    }

    /// Whether a pending gfn is among those for which `holder` has no reference yet.
    private boolean asksForNew(PinTable pins, long shift, long start, long end, String holder) {
        for (long gfn = pending.next(start); gfn >= 0 && gfn < end; gfn = pending.next(pending.endOf(gfn))) {
            long last = Math.min(pending.endOf(gfn), end) + shift;
            if (pins.firstNotHeldBy(holder, gfn + shift, last) < last) {
                return true;
            }
        }
        return false;
    }

    @Override
    public boolean yields(String holder) {
        return engine.participants().contains(holder);
    }

    @Override
    public void released() {
        // From inside of a participant's callback it waits for the guest's touch or the next reference.
        if (completesByItself && !pending.isEmpty() && !CallbackGuard.isInside()) {
            settleFree(null);
        }
    }
}
