package org.enclosure.core.vm;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.policy.PolicyKey;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.slot.MemslotFlag;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.core.attr.AttributeMap;
import org.enclosure.core.convert.GuestRange;
import org.enclosure.core.hostside.MappingImpl;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.slot.DirtyBitmap;
import org.enclosure.core.slot.MemoryObject;
import org.enclosure.core.slot.PageBacking;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.spi.VmTrait;
import org.jspecify.annotations.Nullable;

/// From what a VMM says of a slot to what a fault needs of it, with the checks of what is behind the slot.
final class SlotResolver {
    private final VmImpl owner;
    private final VmCore vm;
    private final boolean split;
    private final boolean hasPrivate;

    SlotResolver(VmImpl owner) {
        this.owner = owner;
        vm = owner.core();
        split = vm.policies().isSplit();
        hasPrivate = vm.traits().has(VmTrait.PRIVATE_MEMORY);
    }

    VmImpl owner() {
        return owner;
    }

    SlotEntry resolve(Memslot slot) {
        checkKind(slot);
        SlotEntry entry = resolveHalves(slot);
        return slot.flags().contains(MemslotFlag.LOG_DIRTY) ? entry.logging(newLog(slot)) : entry;
    }

    private void checkKind(Memslot slot) {
        boolean refused = slot.mapping() != null && !vm.policies().takesMappings()
                || slot.store() != null && !vm.policies().takesStores();
        if (refused) {
            throw invalid(slot,
                    "the policy slots=" + vm.policies().values().get(PolicyKey.SLOTS) + " has no such slots");
        }
    }

    private DirtyBitmap newLog(Memslot slot) {
        long pages = slot.bytes() >>> Paging.PAGE_SHIFT;
        DirtyBitmap log = vm.dirty().newBitmap(pages);
        if (owner.dirtyLog().isInitiallySet()) {
            log.set(0, pages);
        }
        return log;
    }

    private SlotEntry resolveHalves(Memslot slot) {
        PageBacking store = storeBacking(slot);
        PageBacking mapping = mappingBacking(slot);
        if (store == null) {
            return new SlotEntry(slot, null, mapping, vm.attributes(), slot.gpa() >>> Paging.PAGE_SHIFT);
        }
        if (split) {
            return new SlotEntry(slot, hasPrivate ? store : null, mapping, vm.attributes(),
                    slot.gpa() >>> Paging.PAGE_SHIFT);
        }
        if (mapping != null && (mapping.object() != store.object() || mapping.base() != store.base())) {
            throw invalid(slot, "with in-place backing its mapping has to be one of the same range of its store");
        }
        // Without private memory the guest uses every page of a store; the kinds say what the host can reach.
        AttributeMap kinds = hasPrivate ? store.object().kinds() : null;
        return new SlotEntry(slot, hasPrivate ? store : null, store, kinds, store.base());
    }

    private @Nullable PageBacking storeBacking(Memslot slot) {
        if (slot.store() == null) {
            return null;
        }
        if (slot.store() instanceof StoreImpl any && any.isClosed()) {
            throw new GuestMemoryException(Errno.EBADF, "slot " + slot.id() + ": its store is closed");
        }
        if (!(slot.store() instanceof StoreImpl store) || store.vm() != owner) {
            throw invalid(slot, "its store belongs to another VM");
        }
        GuestRange.checkWithin("slot " + slot.id() + ", store", slot.storeOffset(), slot.bytes(), store.size());
        checkRole(slot, store, false);
        PageBacking backing = new PageBacking(store.object(), slot.storeOffset() >>> Paging.PAGE_SHIFT);
        if (!vm.policies().allowsAliases()) {
            checkUnbound(slot, backing);
        }
        return backing;
    }

    private void checkUnbound(Memslot slot, PageBacking wanted) {
        long end = wanted.base() + (slot.bytes() >>> Paging.PAGE_SHIFT);
        for (SlotEntry entry : vm.slots().entries()) {
            PageBacking bound = backingOf(entry, wanted.object());
            if (bound != null && bound.base() < end
                    && bound.base() + entry.endGfn() - entry.baseGfn() > wanted.base()) {
                throw new GuestMemoryException(vm.policies().profile().boundTwice(), "slot " + slot.id()
                        + ": a page of its store range is bound already, by slot " + entry.memslot().id());
            }
        }
    }

    private static @Nullable PageBacking backingOf(SlotEntry entry, MemoryObject object) {
        PageBacking first = entry.half(true);
        PageBacking second = entry.half(false);
        if (first != null && first.object() == object) {
            return first;
        }
        return second != null && second.object() == object ? second : null;
    }

    private @Nullable PageBacking mappingBacking(Memslot slot) {
        if (slot.mapping() == null) {
            return null;
        }
        if (!(slot.mapping() instanceof MappingImpl mapping)
                || mapping.object().folios().frames() != vm.host().frames()) {
            throw invalid(slot, "its mapping belongs to another host");
        }
        if (mapping.isClosed()) {
            throw new GuestMemoryException(Errno.EBADF, "slot " + slot.id() + ": its mapping is closed");
        }
        GuestRange.checkWithin("slot " + slot.id() + ", mapping", slot.mappingOffset(), slot.bytes(), mapping.bytes());
        checkMapped(slot, mapping.store());
        return new PageBacking(mapping.object(), mapping.objectPage() + (slot.mappingOffset() >>> Paging.PAGE_SHIFT),
                mapping.permissions());
    }

    private void checkMapped(Memslot slot, @Nullable GuestMemoryStore mapped) {
        if (mapped != null && !(vm.policies().hasTwoStores() && !mapped.equals(slot.store()))
                && (split || slot.store() == null)) {
            throw invalid(slot, "a mapping of a store can only stand beside that store, with in-place backing");
        }
        if (mapped != null) {
            checkRole(slot, mapped, true);
        }
    }

    /// Of two stores the host reaches all of one and nothing of the other, so a store is the shared half or the private one for good.
    private void checkRole(Memslot slot, GuestMemoryStore store, boolean isShared) {
        if (vm.policies().hasTwoStores() && store.flags().contains(StoreFlag.INIT_SHARED) != isShared) {
            throw invalid(slot, isShared ? "of two stores the one that is mapped has the flag INIT_SHARED"
                    : "of two stores the one with the private half cannot have the flag INIT_SHARED: the host could read it");
        }
    }

    private static GuestMemoryException invalid(Memslot slot, String rule) {
        return new GuestMemoryException(Errno.EINVAL, "slot " + slot.id() + ": " + rule);
    }
}
