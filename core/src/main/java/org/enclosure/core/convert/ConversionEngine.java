package org.enclosure.core.convert;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.policy.Participant;
import org.enclosure.api.vm.ConversionStats;
import org.enclosure.core.attr.AttributeMap;
import org.enclosure.core.event.ConversionEvent;
import org.enclosure.core.folio.FolioMap;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.slot.MemoryObject;
import org.enclosure.core.slot.PageBacking;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.core.translation.TranslationDomain;
import org.enclosure.core.translation.TranslationHolder;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VmTrait;
import org.jspecify.annotations.Nullable;

/// Converts ranges between private and shared: all or nothing, for any number of slots and stores.
///
/// One conversion at a time per VM, under the mutation lock; the participants are told outside of it. A conversion that
/// succeeds allocates no objects. Called by threads whose own marks are even.
public final class ConversionEngine {
    private final VmCore vm;
    private final TranslationDomain domain;
    private final ReentrantLock mutation;
    private final TableCalls calls;
    private final Zapper zapper;
    private final Merger merger;
    private final ContentRules content;
    private final Withdrawal withdrawal;
    private final ParticipantList participants;
    private final DeferredConversions deferred;
    private final PartList parts = new PartList();
    private final ConversionCounters counters = new ConversionCounters();
    private final boolean framesStay;
    private final boolean removesShared;
    private final boolean keepsContent;

    /// Creates the engine of a VM.
    public ConversionEngine(VmCore vm, List<Participant> participants) {
        this.vm = vm;
        domain = vm.domain();
        mutation = vm.mutation();
        calls = new TableCalls(vm);
        zapper = new Zapper(vm, calls);
        merger = new Merger(vm, zapper, calls);
        content = new ContentRules(vm);
        withdrawal = new Withdrawal(vm, calls, zapper, content, parts);
        this.participants = new ParticipantList(participants);
        deferred = new DeferredConversions(this);
        framesStay = vm.traits().has(VmTrait.FRAME_STAYS);
        removesShared = vm.traits().has(VmTrait.SHARED_TABLE_OWNED);
        keepsContent = vm.traits().has(VmTrait.CONTENT_KEPT);
    }

    /// The counters.
    public ConversionStats stats() {
        mutation.lock();
        try {
            return counters.snapshot(vm.pending().count());
        } finally {
            mutation.unlock();
        }
    }

    /// Counts a request that was not done.
    public void countRefusal() {
        counters.refused();
    }

    /// What was asked for and waits for the host to let go.
    public DeferredConversions deferred() {
        return deferred;
    }

    VmCore vm() {
        return vm;
    }

    TableCalls calls() {
        return calls;
    }

    Zapper zapper() {
        return zapper;
    }

    ParticipantList participants() {
        return participants;
    }

    PartList parts() {
        return parts;
    }

    /// Gives what the engine holds in reserve back; nothing is called afterwards.
    public void close() {
        calls.returnFrames();
    }

    // ---- by guest address -----------------------------------------------------------------------------------------------

    /// Converts a range of guest addresses.
    ///
    /// @param request gpa and length are multiples of 4096 and were checked by [GuestRange]
    /// @param call the guest's request that this answers, or null
    /// @throws GuestMemoryException as [org.enclosure.api.vm.ConversionService#convert]
    public void convert(RequestView request, @Nullable GuestCall call, @Nullable TranslationHolder self) {
        convertOrPass(request, call, self);
    }

    /// The same, for a request that may have been put off.
    ///
    /// @return false if it was, and its pages are not pending any more: then nothing was done
    boolean convertOrPass(RequestView request, @Nullable GuestCall call, @Nullable TranslationHolder self) {
        CallbackGuard.check("convert");
        vm.checkOpen();
        checkTarget(request.target().isPrivate());
        return convert(request, null, 0, 0, call, self);
    }

    void checkTarget(boolean toPrivate) {
        if (toPrivate && !vm.traits().has(VmTrait.PRIVATE_MEMORY)) {
            throw new GuestMemoryException(Errno.EINVAL, "the VM type has no private memory");
        }
    }

    /// Tells the participants around a change that is made under the lock.
    ///
    /// @param store null for a request by guest address, else its pages from `start` to before `end` are meant
    private boolean convert(RequestView request, @Nullable MemoryObject store, long start, long end,
            @Nullable GuestCall call,
            @Nullable TranslationHolder self) {
        boolean toPrivate = request.target().isPrivate();
        boolean tableWork = call != null && (call.flags & GuestCall.TABLE_WORK) != 0;
        participants.prepare(request);
        boolean done = false;
        mutation.lock();
        try {
            if (store == null) {
                vm.checkOpen();
                collect(request, toPrivate);
            } else {
                checkOpen(store);
                parts.collect(vm.slots(), store, start, end);
            }
            if (vm.policies().allowsAliases()) {
                parts.collectAliases(vm.slots(), null);
            }
            if (request.settles() && !deferred.isPending(request)) {
                return false;
            }
            if (tableWork || !isUniform(toPrivate)) {
                change(request, toPrivate, call, self);
            }
            deferred.forget(parts);
            done = true;
        } finally {
            parts.clear();
            mutation.unlock();
            if (!done) {
                participants.abort(request);
            }
        }
        participants.commit(request);
        return true;
    }

    /// A store may have been closed while the participants were asked, as a VM may.
    private static void checkOpen(MemoryObject store) {
        if (store.isClosed()) {
            throw new GuestMemoryException(Errno.EBADF, "the store is closed");
        }
    }

    void collect(RequestView request, boolean toPrivate) {
        long start = request.gpa() >>> Paging.PAGE_SHIFT;
        long end = start + (request.bytes() >>> Paging.PAGE_SHIFT);
        AttributeMap kinds = vm.attributes();
        if (request.coversHoles() && kinds != null) {
            parts.collect(vm.slots(), start, end, kinds);
            return;
        }
        parts.clear();
        addParts(start, end, toPrivate);
    }

    /// Adds the parts of a range of gfns to those that are there.
    ///
    /// @throws GuestMemoryException EINVAL if a part cannot become private
    void addParts(long start, long end, boolean toPrivate) {
        int first = parts.size();
        long before = parts.asked();
        long hole = parts.add(vm.slots(), start, end);
        if (toPrivate && hole < end) {
            throw new GuestMemoryException(Errno.EINVAL,
                    "nothing backs gpa 0x" + Long.toHexString(hole << Paging.PAGE_SHIFT)
                            + ", so it cannot become private",
                    before + hole - start << Paging.PAGE_SHIFT, List.of());
        }
        for (int i = first; toPrivate && i < parts.size(); i++) {
            Part part = parts.get(i);
            if (part.attributes == null) {
                throw new GuestMemoryException(Errno.EINVAL, "the slot at " + part + " has no private memory",
                        part.offset << Paging.PAGE_SHIFT, List.of());
            }
        }
    }

    // ---- by store offset ------------------------------------------------------------------------------------------------

    /// Converts pages of a store, bound or not.
    ///
    /// @param request for the participants; its gpa is [org.enclosure.api.policy.ConversionRequest#NO_GPA]
    public void convert(RequestView request, MemoryObject store, long start, long end) {
        CallbackGuard.check("convert");
        convert(request, store, start, end, null, null);
    }

    // ---- the change itself ----------------------------------------------------------------------------------------------

    boolean isUniform(boolean toPrivate) {
        for (int i = 0; i < parts.size(); i++) {
            if (!parts.get(i).isUniform(toPrivate)) {
                return false;
            }
        }
        return true;
    }

    /// Changes the collected parts; the caller has found that not all of them have the kind already, and tells the participants.
    void change(RequestView request, boolean toPrivate, @Nullable GuestCall call,
            @Nullable TranslationHolder self) {
        withdrawal.lock(toPrivate);
        try {
            ConversionEvent event = ConversionEvent.start();
            long changed = prepare(toPrivate);
            takeAndTurn(toPrivate, call, self);
            counters.converted(request.origin(), changed);
            if (event != null) {
                event.finish(toPrivate, changed, request.origin().name());
            }
        } finally {
            withdrawal.unlock(toPrivate);
        }
    }

    /// Takes the collected parts from guest and host without turning them: a touch brings them back, unless they are pending.
    ///
    /// @param style the style of the request that the parts are pending for, or -1 if they are not
    void detach(@Nullable GuestCall call, int style, @Nullable TranslationHolder self) {
        withdrawal.lock(true);
        withdrawal.begin(true);
        try {
            domain.drain();
            if (style >= 0) {
                deferred.note(parts, style);
            }
            withdrawal.take(true, call, self);
            if (style >= 0) {
                deferred.shootdown(parts, self);
            }
        } finally {
            withdrawal.end(true);
            withdrawal.unlock(true);
        }
    }

    private void takeAndTurn(boolean toPrivate, @Nullable GuestCall call, @Nullable TranslationHolder self) {
        withdrawal.begin(toPrivate);
        try {
            domain.drain();
            withdrawal.take(toPrivate, call, self);
            for (int i = 0; i < parts.size(); i++) {
                turn(parts.get(i), toPrivate, call);
            }
            merger.merge(parts, toPrivate, self);
        } finally {
            withdrawal.end(toPrivate);
        }
    }

    /// Everything that can fail for want of memory or because of a pin, before the first change.
    private long prepare(boolean toPrivate) {
        long changed = 0;
        for (int i = 0; i < parts.size(); i++) {
            Part part = parts.get(i);
            MemoryObject hostPages = toPrivate ? withdrawal.hostPages(part) : null;
            if (hostPages != null) {
                PinCheck.check(hostPages, part.sharedStart, part.pages, part.offset, "become private");
            }
            if (part.attributes != null) {
                reserve(part, part.attributes);
                changed += part.count(!toPrivate);
            }
        }
        calls.reserveFrames();
        return changed;
    }

    private static void reserve(Part part, AttributeMap attributes) {
        try {
            attributes.reserve(part.attributeStart, part.attributeStart + part.pages);
        } catch (OutOfMemoryError e) {
            throw new GuestMemoryException(Errno.ENOMEM, "no memory to keep the kinds of the pages at " + part);
        }
    }

    /// The point of no return: nobody can reach the pages.
    private void turn(Part part, boolean toPrivate, @Nullable GuestCall call) {
        if (toPrivate) {
            removeOldHalf(part, false);
        }
        if (part.isBound()) {
            calls.convert(part.gfn, part.pages, toPrivate, call);
        }
        if (!toPrivate) {
            removeOldHalf(part, true);
        }
        if (part.isInPlace() && part.sharedObject != null) {
            separateUnzeroed(part.sharedObject.folios(), part.sharedStart, part.sharedStart + part.pages);
        }
        if (part.attributes != null) {
            part.attributes.set(part.attributeStart, part.attributeStart + part.pages, toPrivate);
        }
        markDirty(part);
        if (toPrivate && part.isBound() && vm.policies().mapsAtConversion()) {
            mapPrivate(part);
        }
    }

    /// A page that changes its kind has to be sent anew, even if nobody writes it.
    private void markDirty(Part part) {
        if (part.isBound()) {
            vm.dirty().mark(vm.slots(), part.gfn, part.pages);
        } else if (part.privateObject != null) {
            vm.dirty().mark(part.privateObject, part.privateStart, part.privateStart + part.pages);
        }
    }

    /// Takes the populated pages of the half that the guest loses out of the tables, and applies the content rules. Pages of the
    /// part that have the new kind already are not touched: to them nothing happens.
    private void removeOldHalf(Part part, boolean wasPrivate) {
        MemoryObject old = part.object(wasPrivate);
        boolean isOurs = wasPrivate || !HostPages.isUsedElsewhere(vm.slots(), part);
        for (long at = 0; old != null && at < part.pages;) {
            long runEnd = part.kindRunEnd(at);
            if (part.isPrivateAt(at) == wasPrivate) {
                removeOldPages(part, old.folios(), at, runEnd, wasPrivate, isOurs);
            }
            at = runEnd;
        }
    }

    /// @param isOurs whether the content rules apply: to host memory that other slots use they do not
    private void removeOldPages(Part part, FolioMap folios, long from, long to, boolean wasPrivate, boolean isOurs) {
        boolean removes = !framesStay && (wasPrivate || removesShared);
        int kept = keepsContent || !part.isInPlace() ? TableWork.KEPT : TableWork.LOST;
        long start = part.start(wasPrivate);
        long end = start + to;
        for (long at = folios.nextPresent(start + from, end); at < end;) {
            long runEnd = folios.runEnd(at, end);
            int became = kept;
            if (removes) {
                long pfn = FolioMap.pfn(folios.settled(at));
                became = calls.remove(part.gfnAt(at - start), pfn, runEnd - at, TableWork.CONVERT, wasPrivate);
                runEnd = at + calls.removed();
            }
            if (isOurs) {
                content.apply(folios, at, runEnd, wasPrivate ? became : Math.max(became, kept));
            }
            at = folios.nextPresent(runEnd, end);
        }
    }

    /// A huge folio that will be zeroed later is split where the range cuts it: zeroing one kind must not reach the other.
    private static void separateUnzeroed(FolioMap folios, long start, long end) {
        separateUnzeroed(folios, start);
        if (end < folios.pages()) {
            separateUnzeroed(folios, end);
        }
    }

    private static void separateUnzeroed(FolioMap folios, long at) {
        long word = folios.get(at);
        if (word >= 0 && !FolioMap.isZeroed(word) && (at & (1L << FolioMap.order(word)) - 1) != 0) {
            folios.split(at, 0);
        }
    }

    private void mapPrivate(Part part) {
        MemoryObject object = part.privateObject;
        if (object == null) {
            return;
        }
        calls.mapRuns(object.folios(), part.privateStart, part.privateStart + part.pages, part.gfn, true);
    }

    // ---- merges and splits ---------------------------------------------------------------------------------------------------------

    /// Maps by larger pages again what can be.
    ///
    /// @return how many blocks were mapped in pieces
    public long recoverHugePages() {
        CallbackGuard.check("recoverHugePages");
        long merged = 0;
        for (int level = Paging.LEVEL_2M; level <= vm.maxLevel(); level++) {
            for (long gfn = 0; gfn >= 0;) {
                mutation.lock();
                try {
                    gfn = merger.mergeSome(gfn, level);
                    merged += merger.takeMerged();
                } finally {
                    mutation.unlock();
                }
            }
        }
        return merged;
    }

    /// Splits the mapping of a page, because a guest instruction needs a smaller one.
    ///
    /// @throws GuestMemoryException ENOMEM if there are no frames for tables
    public void split(long gfn, int level, TranslationHolder self) {
        mutation.lock();
        try {
            SlotEntry slot = vm.slots().find(gfn);
            PageBacking half = slot == null ? null : slot.half(slot.isPrivate(gfn));
            if (slot == null || half == null) {
                return;
            }
            long word = half.folios().get(half.base() + gfn - slot.baseGfn());
            if (word < 0) {
                return;
            }
            calls.reserveFrames();
            long start = Paging.floor(gfn, vm.maxLevel());
            domain.begin(start, start + Paging.pages(vm.maxLevel()));
            try {
                domain.drain();
                zapper.split(gfn, word, vm.maxLevel(), level, slot.isPrivate(gfn), self);
            } finally {
                domain.end();
            }
        } finally {
            mutation.unlock();
        }
    }
}
