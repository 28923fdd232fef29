package org.enclosure.core.vcpu;

import org.enclosure.api.Access;
import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.core.convert.ConversionEngine;
import org.enclosure.core.convert.DeferredConversions;
import org.enclosure.core.dirty.DirtyTracking;
import org.enclosure.core.dirty.RingBuffer;
import org.enclosure.core.event.RetryEvent;
import org.enclosure.core.exit.ExitRecord;
import org.enclosure.core.exit.VcpuCounters;
import org.enclosure.core.fault.FaultContext;
import org.enclosure.core.fault.FaultCore;
import org.enclosure.core.machine.GuestEntry;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.mem.HostMemory;
import org.enclosure.core.mem.Raw;
import org.enclosure.core.s2.S2Table;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.core.translation.Backoff;
import org.enclosure.core.translation.TranslationDomain;
import org.enclosure.core.translation.TranslationHolder;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.spi.VcpuBackend;
import org.jspecify.annotations.Nullable;

/// The access path of one vCPU: TLB, fill, fault. What an access cannot settle by itself comes out as an outcome, with the
/// exit record filled in; the two subclasses differ in what they do with it.
///
/// ```
/// access   mark · generation · TLB hit -> data · mark ------------------------------------------> done
/// slow     kicked, paused, dead? · mark · catch up · gate · leaf · admit · fill -> data · mark -> done
///          else leave the guest · FaultCore · enter · again
/// ```
abstract class VcpuMemory extends TranslationHolder {
    /// The access is done.
    static final int DONE = 0;
    /// Try again; nothing has to be told.
    static final int AGAIN = 1;
    /// The exit record says why the access is not done.
    static final int EXIT = 2;
    /// There is no memory at the address.
    static final int MMIO = 3;
    /// The guest gets `detail.event`.
    static final int EVENT = 4;
    /// The VM is dead.
    static final int DEAD = 5;
    /// The vCPU was kicked.
    static final int KICKED = 6;
    /// The dirty ring has no room for the page that is about to be written.
    static final int RING_FULL = 7;

    /// The run is over, though the guest goes on.
    static final int ENDED = 8;

    /// What an access does with its page or pages.
    static final int LOAD = 0;
    static final int STORE = 1;
    static final int SWAP = 2;

    /// Outcomes of a fill that are the engine's own, beside the backend's statuses: the range is under invalidation, or there
    /// is no memory.
    private static final long FILL_WAIT = Status.of(0x7f, 1, 0);
    private static final long FILL_NO_MEMORY = Status.of(0x7f, 2, 0);
    private static final long FILL_BAD_LEAF = Status.of(0x7f, 3, 0);
    private static final long FILL_RING_FULL = Status.of(0x7f, 4, 0);

    final VmCore vm;
    final VcpuBackend backend;
    final GuestEntry entry;
    final FaultContext context;
    final ExitRecord exit;
    final GuestRequests requests;
    final FaultDetail detail = new FaultDetail();
    final GuestCall call = new GuestCall();
    final int index;
    private final FaultCore faults;
    private final ConversionEngine engine;
    private final DeferredConversions.Settlement settlement = new DeferredConversions.Settlement();
    private final HostMemory memory;
    private final DirtyTracking dirty;
    private final @Nullable RingBuffer ring;
    private final @Nullable S2Table s2;
    private final long addressMask;
    private long fillStatus;
    /// Whether the run is over; a guest program that does not let the stop pass comes no further.
    boolean ended;
    /// What the last load, or the word that the last swap, found.
    long loaded;
    /// What a store or swap writes.
    long operand;
    /// What a swap expects.
    long expected;

    VcpuMemory(VcpuParts parts, int index, VcpuBackend backend, GuestEntry entry, GuestRequests requests) {
        super(parts.vm().domain(), ~(parts.vm().tagMask() >>> Paging.PAGE_SHIFT) & -1L >>> Paging.PAGE_SHIFT + 1);
        vm = parts.vm();
        faults = parts.faults();
        engine = parts.engine();
        this.index = index;
        this.backend = backend;
        this.entry = entry;
        this.requests = requests;
        exit = new ExitRecord(index);
        context = new FaultContext(vm, exit, new VcpuCounters());
        memory = vm.host().memory();
        dirty = vm.dirty();
        ring = dirty.ringOf(index);
        s2 = vm.s2();
        addressMask = ~vm.tagMask();
    }

    /// Leaves the VM for good: gives all frames back.
    final void retire() {
        domain().remove(this);
        context.close(vm);
    }

    // ---- slow path ------------------------------------------------------------------------------------------------------

    /// One access of at most 8 bytes, at any alignment, until it is done or has an outcome for others.
    final int access(long address, int size, int operation) {
        for (int round = 0;; round++) {
            int outcome = attend();
            if (outcome == DONE) {
                outcome = tryAccess(address, size, operation);
            }
            if (outcome != AGAIN) {
                return outcome;
            }
            Backoff.again(round);
        }
    }

    /// Before the mark: kicks, pauses, death, and entry after a kick by the engine.
    final int attend() {
        if (ended) {
            return ENDED;
        }
        if (vm.isDead()) {
            exit.end(ExitReason.SHUTDOWN, "the VM is dead");
            return DEAD;
        }
        if (requests.isPending()) {
            return hold();
        }
        return entry.isKicked() ? enterGuest() : DONE;
    }

    private int hold() {
        entry.leave(VcpuBackend.LEFT_KICK, detail);
        setActive(false);
        boolean kicked = requests.serve();
        setActive(true);
        int entered = enterGuest();
        if (!kicked || entered != DONE) {
            return entered == DONE ? AGAIN : entered;
        }
        exit.end(ExitReason.INTERRUPTED, "kicked");
        return KICKED;
    }

    /// Enters the guest for the backend.
    ///
    /// @return DONE, or an outcome if it does not let the guest in
    final int enterGuest() {
        long status = entry.enter(call, detail);
        if (status < 0) {
            return refusedEntry(status);
        }
        if (Status.has(status, Status.FLUSH_TLB)) {
            flushAll();
        }
        return DONE;
    }

    private int refusedEntry(long status) {
        if (Status.kind(status) == Status.VM_DEAD) {
            vm.kill();
            exit.end(ExitReason.SHUTDOWN, "the architecture has ended the VM");
            return DEAD;
        }
        exit.error(0, Errno.EIO, status, detail, vm.host().architecture() + " does not let the vCPU enter");
        return EXIT;
    }

    /// Opens the mark for an instruction, caught up with shootdowns.
    final void openMark() {
        enterAccess();
        catchUp();
    }

    final void closeMark() {
        exitAccess();
    }

    final void dropAll() {
        flushAll();
    }

    private int tryAccess(long address, int size, int operation) {
        int wanted = operation == LOAD ? Access.READ : operation == STORE ? Access.WRITE : Access.READ | Access.WRITE;
        int inFirst = (int) Math.min(size, Paging.PAGE_SIZE - (address & Paging.PAGE_MASK));
        long failed = address;
        enterAccess();
        catchUp();
        long first = translate(address, wanted);
        long second = first;
        if (first >= 0 && inFirst < size) {
            failed = address + inFirst;
            second = translate(failed, wanted);
        }
        if (first >= 0 && second >= 0) {
            perform(first + (address & Paging.PAGE_MASK), second, inFirst, size, operation);
            exitAccess();
            return DONE;
        }
        exitAccess();
        return settle(failed, wanted);
    }

    private void perform(long at, long second, int inFirst, int size, int operation) {
        if (operation == SWAP) {
            // ORDERING: volatile, as a locked instruction of the guest; partner other guests' swaps and the host's
            loaded = Raw.compareAndSetLong(at, expected, operand) ? 1 : 0;
        } else if (inFirst == size) {
            performInPage(at, size, operation);
        } else {
            performAcross(at, second, inFirst, size, operation);
        }
    }

    private void performInPage(long at, int size, int operation) {
        if (operation == LOAD) {
            loaded = switch (size) {
                case 1 -> Raw.getByte(at) & 0xffL;
                case 2 -> Raw.getShort(at) & 0xffffL;
                case 4 -> Raw.getInt(at) & 0xffff_ffffL;
                default -> Raw.getLong(at);
            };
            return;
        }
        switch (size) {
            case 1 -> Raw.putByte(at, (byte) operand);
            case 2 -> Raw.putShort(at, (short) operand);
            case 4 -> Raw.putInt(at, (int) operand);
            default -> Raw.putLong(at, operand);
        }
    }

    private void performAcross(long at, long second, int inFirst, int size, int operation) {
        long value = 0;
        for (int i = 0; i < size; i++) {
            long byteAt = i < inFirst ? at + i : second + i - inFirst;
            if (operation == LOAD) {
                value |= (Raw.getByte(byteAt) & 0xffL) << 8 * i;
            } else {
                Raw.putByte(byteAt, (byte) (operand >>> 8 * i));
            }
        }
        loaded = value;
    }

    // ---- fill -----------------------------------------------------------------------------------------------------------

    /// Inside the access mark, caught up: the host address of the page of an address; -1 with `fillStatus` if there is none.
    private long translate(long address, int access) {
        long key = address >>> Paging.PAGE_SHIFT;
        long page = (access & Access.WRITE) != 0 ? lookUpWrite(key) : lookUpRead(key);
        return page >= 0 ? page : fillPage(address, key, access);
    }

    private long fillPage(long address, long key, int access) {
        long gfn = (address & addressMask) >>> Paging.PAGE_SHIFT;
        boolean isPrivate = vm.asksPrivate(address);
        detail.gfn = gfn;
        detail.access = isPrivate ? access | Access.PRIVATE : access;
        detail.wantedLevel = 0;
        if (gfn >= vm.gfnLimit()) {
            return failFill(FILL_NO_MEMORY);
        }
        if (domain().isInProgress(gfn)) {
            return failFill(FILL_WAIT);
        }
        if (vm.pending().holds(gfn)) {
            return failFill(Status.of(Status.FAULT));
        }
        long leaf = Leaf.NONE;
        if (vm.engineOwns(isPrivate)) {
            leaf = walk(gfn);
            if (leaf == Leaf.NONE || (access & Access.WRITE) != 0 && (Leaf.permissions(leaf) & Leaf.WRITE) == 0) {
                return failFill(Status.of(Status.FAULT));
            }
        } else if ((access & Access.WRITE) != 0 && isWriteProtected(gfn)) {
            return failFill(Status.of(Status.FAULT));
        }
        long admitted = backend.admit(gfn, leaf, detail.access, detail);
        if (admitted <= 0) {
            return failFill(admitted);
        }
        return fillAdmitted(gfn, key, access, admitted);
    }

    /// Whether a write has to be a fault: the engine's leaves say so themselves, a backend's tables know nothing of it.
    private boolean isWriteProtected(long gfn) {
        SlotEntry slot = vm.slots().find(gfn);
        return slot != null && slot.isWriteProtected(gfn);
    }

    private long fillAdmitted(long gfn, long key, int access, long admitted) {
        long pfn = Leaf.pfn(admitted, gfn);
        boolean writes = (access & Access.WRITE) != 0;
        if (!memory.contains(pfn) || writes && (Leaf.permissions(admitted) & Leaf.WRITE) == 0) {
            return failFill(FILL_BAD_LEAF);
        }
        if (writes && dirty.isOn() && !dirty.note(vm.slots(), gfn, ring)) {
            return failFill(FILL_RING_FULL);
        }
        long page = memory.address(pfn);
        // Writable only if a write was admitted: what is judged for reading is judged again for the first write.
        fill(key, writes, page);
        return page;
    }

    private long failFill(long status) {
        fillStatus = status;
        return -1;
    }

    /// The engine's leaf of a gfn.
    final long walk(long gfn) {
        return s2 == null ? Leaf.NONE : s2.walk(gfn);
    }

    // ---- what a fill could not do ---------------------------------------------------------------------------------------

    /// Out of the mark: acts on `fillStatus`.
    private int settle(long address, int access) {
        long status = fillStatus;
        if (status == FILL_WAIT) {
            return AGAIN;
        }
        if (status == FILL_NO_MEMORY) {
            return MMIO;
        }
        if (status == FILL_RING_FULL) {
            exit.end(ExitReason.DIRTY_RING_FULL, "the dirty ring has no room");
            return RING_FULL;
        }
        if (status == FILL_BAD_LEAF || status >= 0) {
            exit.error(detail.gfn, Errno.EIO, status, detail,
                    vm.host().architecture() + ": admit answered a leaf that it must not for " + Access.describe(access)
                            + " of address 0x" + Long.toHexString(address));
            return EXIT;
        }
        return settle(status, detail);
    }

    /// Out of the mark: acts on a negative status of `admit` or `trap`.
    final int settle(long status, FaultDetail about) {
        return switch (Status.kind(status)) {
            case Status.FAULT -> resolveFault(about.gfn, about.access, about.wantedLevel);
            case Status.RETRY -> AGAIN;
            case Status.SPLIT -> split(about.gfn, Status.argument(status));
            case Status.TO_GUEST -> {
                copyEvent(about);
                yield EVENT;
            }
            case Status.VM_DEAD -> {
                vm.kill();
                exit.end(ExitReason.SHUTDOWN, "the architecture has ended the VM");
                yield DEAD;
            }
            case Status.TO_VMM -> {
                exit.error(about.gfn, Errno.EFAULT, status, about, "the architecture reports an access to the VMM");
                yield EXIT;
            }
            default -> {
                exit.error(about.gfn, Errno.EIO, status, about,
                        vm.host().architecture() + " gave an answer that it must not give");
                yield EXIT;
            }
        };
    }

    private void copyEvent(FaultDetail about) {
        detail.event = about.event;
        detail.gfn = about.gfn;
        detail.access = about.access;
    }

    /// Leaves the guest, resolves a fault, enters again.
    final int resolveFault(long gfn, int access, int wantedLevel) {
        entry.leave(VcpuBackend.LEFT_FAULT, detail);
        int outcome = resolveOutside(gfn, access, wantedLevel);
        int entered = enterGuest();
        return entered == DONE ? outcome : entered;
    }

    /// One look at a fault while the vCPU is out of its guest: an outcome of [FaultCore].
    final int tryFault(long gfn, int access) {
        return faults.handle(this, context, gfn, access, 0);
    }

    /// Resolves a fault while the vCPU is out of its guest.
    final int resolveOutside(long gfn, int access, int wantedLevel) {
        int outcome = faults.handle(this, context, gfn, access, wantedLevel);
        return switch (outcome) {
            case FaultCore.EXIT -> EXIT;
            case FaultCore.NO_MEMORY -> MMIO;
            case FaultCore.PENDING -> settlePending(gfn);
            case FaultCore.SPLIT -> splitOut(gfn, context.splitLevel()) ? AGAIN : EXIT;
            case FaultCore.RETRY -> {
                RetryEvent.emit(gfn, false);
                yield AGAIN;
            }
            case FaultCore.WAIT -> {
                RetryEvent.emit(gfn, true);
                awaitInvalidation(gfn);
                yield AGAIN;
            }
            case FaultCore.DEAD -> {
                vm.kill();
                exit.end(ExitReason.SHUTDOWN, "the architecture has ended the VM");
                yield DEAD;
            }
            default -> AGAIN;
        };
    }

    /// Carries out what the guest has asked for and was put off; an exit if somebody still holds the page.
    final int settlePending(long gfn) {
        if (engine.deferred().settle(gfn, index, settlement, this)) {
            return AGAIN;
        }
        GuestMemoryException refusal = java.util.Objects.requireNonNull(settlement.refusal());
        if (refusal.errno() == Errno.EAGAIN) {
            exit.pinned(vm.pending().style() == GuestCall.STYLE_UNSHARE ? ExitReason.UNSHARE : ExitReason.MEMORY_FAULT,
                    gfn << Paging.PAGE_SHIFT, Paging.PAGE_SIZE, 0, refusal.holders());
        } else {
            exit.memoryFault(gfn, Access.PRIVATE, refusal.errno(), "the page cannot become private");
        }
        return EXIT;
    }

    /// Waits for an invalidation of a gfn, but not longer than a kick or a pause.
    private void awaitInvalidation(long gfn) {
        TranslationDomain domain = domain();
        for (int round = 0; domain.isInProgress(gfn) && !requests.isPending() && !vm.isDead(); round++) {
            Backoff.pause(round);
        }
    }

    private int split(long gfn, int level) {
        entry.leave(VcpuBackend.LEFT_FAULT, detail);
        boolean done = splitOut(gfn, level);
        int entered = enterGuest();
        return entered != DONE ? entered : done ? AGAIN : EXIT;
    }

    final boolean splitOut(long gfn, int level) {
        try {
            engine.split(gfn, level, this);
            return true;
        } catch (GuestMemoryException e) {
            exit.memoryFault(gfn, detail.access, e.errno(), "a mapping cannot be split");
            return false;
        }
    }
}
