package org.enclosure.core.fault;

import org.enclosure.api.Access;
import org.enclosure.api.Errno;
import org.enclosure.api.Paging;
import org.enclosure.core.exit.VcpuCounters;
import org.enclosure.core.folio.FolioMap;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.s2.S2Table;
import org.enclosure.core.slot.HostPermissions;
import org.enclosure.core.slot.PageBacking;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.core.translation.TranslationDomain;
import org.enclosure.core.translation.TranslationHolder;
import org.enclosure.spi.GuestTable;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.jspecify.annotations.Nullable;

/// Resolves one fault: snapshot of the sequence, slot, attribute, page, level; then, inside the fault mark, recheck, the
/// plugin's `map`, publication of the engine's leaf.
///
/// Stateless but for the VM; called by many vCPUs at once. Allocates nothing, takes no lock but the frame allocator's.
public final class FaultCore {
    /// The translation is there now; execute the access again.
    public static final int FIXED = 0;
    /// Somebody else had resolved it; execute the access again.
    public static final int SPURIOUS = 1;
    /// Something changed meanwhile; try again.
    public static final int RETRY = 2;
    /// The exit record says what the VMM has to know.
    public static final int EXIT = 3;
    /// There is no memory at the gfn (or none to write); the caller makes an MMIO exit of it.
    public static final int NO_MEMORY = 4;
    /// The range is under invalidation; wait, then try again.
    public static final int WAIT = 5;
    /// The mapping has to be split to `context.splitLevel()` first.
    public static final int SPLIT = 6;
    /// The architecture has killed the VM.
    public static final int DEAD = 7;
    /// The guest has asked for the page back and the host may still hold it; the caller carries that out first.
    public static final int PENDING = 9;

    private final VmCore vm;
    private final TranslationDomain domain;
    private final GuestTable table;
    private final boolean explicitShared;

    /// Creates the fault core of a VM.
    public FaultCore(VmCore vm) {
        this.vm = vm;
        domain = vm.domain();
        table = vm.table();
        explicitShared = vm.policies().allocatesSharedExplicitly();
    }

    /// Resolves a fault of a vCPU that is out of its guest and has both marks even.
    ///
    /// @param access bits of [Access]; PRIVATE counts where addresses tell the kind
    /// @param wantedLevel the level that the guest needs, 0 if any
    public int handle(TranslationHolder holder, FaultContext context, long gfn, int access, int wantedLevel) {
        int limit = wantedLevel == 0 ? vm.maxLevel() : Math.min(wantedLevel, vm.maxLevel());
        holder.enterResolve();
        int outcome;
        try {
            outcome = resolve(holder, context, gfn, access, limit);
        } finally {
            holder.exitResolve();
        }
        context.counters.fault(switch (outcome) {
            case FIXED -> VcpuCounters.FIXED;
            case SPURIOUS -> VcpuCounters.SPURIOUS;
            case EXIT, NO_MEMORY, DEAD -> VcpuCounters.EXIT;
            default -> VcpuCounters.RETRY;
        });
        return outcome;
    }

    private int resolve(TranslationHolder holder, FaultContext context, long gfn, int access, int limit) {
        if (!vm.host().topUp(context.work.frames, context.framesWanted)) {
            return fault(context, gfn, access, Errno.ENOMEM, "the host is out of frames for tables");
        }
        long snapshot = domain.snapshot();
        SlotEntry slot = context.find(vm.slots(), gfn);
        if (slot == null) {
            return withoutSlot(context, gfn, access);
        }
        if (vm.pending().holds(gfn)) {
            return PENDING;
        }
        boolean isPrivate = slot.isPrivate(gfn);
        if (vm.isTagged() && isPrivate != ((access & Access.PRIVATE) != 0)) {
            context.exit.kindMismatch(gfn, access);
            return EXIT;
        }
        if (slot.isReadOnly() && (access & Access.WRITE) != 0) {
            return NO_MEMORY;
        }
        PageBacking half = slot.half(isPrivate);
        int kindOfAccess = isPrivate ? access | Access.PRIVATE : access & ~Access.PRIVATE;
        if (half == null) {
            return fault(context, gfn, kindOfAccess, Errno.EFAULT, "the slot has no memory of this kind");
        }
        if (domain.isInProgress(gfn)) {
            return WAIT;
        }
        long index = gfn - slot.baseGfn() + half.base();
        int level = slot.mappingLevel(gfn, half, limit);
        String forbidden = forbids(context, slot, half, index, access, isPrivate);
        if (forbidden != null) {
            Errno errno = half.object().isPoisoned(index) ? Errno.EHWPOISON : Errno.EFAULT;
            return fault(context, gfn, kindOfAccess, errno, forbidden);
        }
        boolean zero = vm.zeroes(isPrivate);
        long word = half.folios().allocate(index, Paging.order(level), zero, context.magazine);
        if (zero && word >= 0 && !FolioMap.isZeroed(word)) {
            word = half.folios().zeroIfStillValid(index, domain, gfn, snapshot);
        }
        if (word < 0) {
            return word == FolioMap.RETRY ? RETRY
                    : fault(context, gfn, kindOfAccess, Errno.ENOMEM, "the host is out of frames");
        }
        level = Math.min(level, Paging.level(FolioMap.order(word)));
        int outcome = install(holder, context, gfn, FolioMap.pfn(word), level, kindOfAccess, snapshot);
        return outcome == LOWER ? resolve(holder, context, gfn, access, context.work.level) : outcome;
    }

    /// Decides whether the leaf may grant writing.
    ///
    /// @return why the host's side forbids the access, or null
    private @Nullable String forbids(FaultContext context, SlotEntry slot, PageBacking half, long index, int access,
            boolean isPrivate) {
        context.writable = !slot.isReadOnly();
        if (half.object().isPoisoned(index)) {
            return "the memory of the page has failed";
        }
        if (half.isRestricted()) {
            int permitted = Math.max(half.permitted(index), HostPermissions.NONE);
            context.writable &= (permitted & HostPermissions.WRITE) != 0;
            int wanted = (access & Access.WRITE) != 0 ? HostPermissions.ALL : HostPermissions.READ;
            if ((permitted & wanted) != wanted) {
                return "the host mapping does not permit it";
            }
        }
        return explicitShared && !isPrivate && half.folios().get(index) == FolioMap.HOLE
                ? "the shared page is not allocated, and a touch does not allocate" : null;
    }

    /// MMIO is what nobody calls private: neither the kind of the gfn nor the access. The exit says what the guest asked for.
    private int withoutSlot(FaultContext context, long gfn, int access) {
        boolean isPrivate = vm.isPrivateWithoutSlot(gfn);
        boolean asksPrivate = vm.isTagged() ? (access & Access.PRIVATE) != 0 : isPrivate;
        if (!isPrivate && !asksPrivate) {
            return NO_MEMORY;
        }
        return fault(context, gfn, asksPrivate ? access | Access.PRIVATE : access & ~Access.PRIVATE, Errno.EFAULT,
                isPrivate ? "the page is private and there is no slot"
                        : "the access is to private memory and there is no slot");
    }

    private static int fault(FaultContext context, long gfn, int access, Errno errno, String cause) {
        context.exit.memoryFault(gfn, access, errno, cause);
        return EXIT;
    }

    /// Internal outcome: map again at `work.level`.
    private static final int LOWER = 8;

    private int install(TranslationHolder holder, FaultContext context, long gfn, long pfn, int level,
            int access, long snapshot) {
        TableWork work = context.work;
        work.reset(TableWork.FAULT, access);
        holder.enterFault();
        try {
            if (!domain.isStillValid(Paging.floor(gfn, level), Paging.pages(level), snapshot)) {
                return RETRY;
            }
            long status = table.map(gfn, pfn, level, work);
            return status >= 0 ? publish(context, gfn, pfn, level, access, status)
                    : refused(context, gfn, status, level);
        } finally {
            holder.exitFault();
        }
    }

    private int publish(FaultContext context, long gfn, long pfn, int level, int access, long status) {
        TableWork work = context.work;
        if (work.level < Paging.LEVEL_4K || work.level > level) {
            return broken(context, gfn, status, "map answered a level that was not offered");
        }
        S2Table s2 = vm.s2();
        if (s2 == null || !vm.engineOwns((access & Access.PRIVATE) != 0)) {
            return Status.has(status, Status.SPURIOUS) ? SPURIOUS : FIXED;
        }
        for (int at = work.level;; at--) {
            long first = Paging.floor(gfn, at);
            long published = s2.publish(first, pfn - (gfn - first), at, context.writable, work.frames);
            if (published >= 0) {
                work.level = at; // what a pre-fault counts as done
                return published == Status.OK ? FIXED : SPURIOUS;
            }
            switch (Status.kind(published)) {
                case Status.LEVEL -> {
                    // A table stands where the huge leaf would go: one level down, if there is one.
                    if (at == Paging.LEVEL_4K) {
                        return broken(context, gfn, published, "stage 2 refused a 4K leaf");
                    }
                }
                case Status.NEED_FRAMES -> {
                    context.framesWanted = Math.max(context.framesWanted, Status.argument(published));
                    return RETRY;
                }
                default -> {
                    return broken(context, gfn, published, "stage 2 holds another leaf for the page");
                }
            }
        }
    }

    private int refused(FaultContext context, long gfn, long status, int level) {
        return switch (Status.kind(status)) {
            case Status.RETRY -> RETRY;
            case Status.NEED_FRAMES -> needFrames(context, gfn, status);
            case Status.LEVEL -> lower(context, gfn, status, level);
            case Status.SPLIT -> {
                context.splitLevel = Status.argument(status);
                yield SPLIT;
            }
            case Status.DENIED, Status.QUARANTINE -> {
                context.exit.error(gfn, Errno.EIO, status, context.work.detail, "the tables do not take the frame");
                yield EXIT;
            }
            case Status.VM_DEAD -> DEAD;
            default -> broken(context, gfn, status, "map gave an answer that it must not give");
        };
    }

    private int lower(FaultContext context, long gfn, long status, int level) {
        int lower = Status.argument(status);
        context.work.level = lower;
        return lower >= Paging.LEVEL_4K && lower < level ? LOWER
                : broken(context, gfn, status, "map asked for a level that is not smaller");
    }

    private int needFrames(FaultContext context, long gfn, long status) {
        int wanted = Status.argument(status) + (vm.s2() == null ? 0 : vm.s2().framesNeeded());
        if (wanted <= context.framesWanted || wanted > context.work.frames.capacity()) {
            return broken(context, gfn, status, "map asked for frames that it had, or for too many");
        }
        context.framesWanted = wanted;
        return RETRY;
    }

    private int broken(FaultContext context, long gfn, long status, String what) {
        context.exit.error(gfn, Errno.EIO, status, context.work.detail, vm.host().architecture() + ": " + what);
        return EXIT;
    }
}
