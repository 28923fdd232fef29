package org.enclosure.core.vm;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.slot.MemslotFlag;
import org.enclosure.api.slot.Memslots;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.core.slot.SlotTable;
import org.enclosure.spi.VmTrait;
import org.jspecify.annotations.Nullable;

/// What `__kvm_set_memory_region` checks before it looks at what is behind a slot, in its order (`virt/kvm/kvm_main.c`, Linux
/// 6.12): flags, shape, the slot that is there, overlap.
final class SlotChecks {
    private static final long MAX_PAGES = Integer.MAX_VALUE;

    private final VmCore vm;

    SlotChecks(VmCore vm) {
        this.vm = vm;
    }

    /// Flags, then shape. A length of 0 passes: it is a delete.
    void checkShape(Memslot slot) {
        String name = "slot " + slot.id();
        checkFlags(slot, name);
        checkAligned(name, "length", slot.bytes());
        checkAligned(name, "gpa", slot.gpa());
        checkAligned(name, "mapping offset", slot.mappingOffset());
        checkAligned(name, "store offset", slot.storeOffset());
        if (slot.id() < 0 || slot.id() >= Memslots.MAX_SLOTS) {
            throw invalid(name + ": ids go from 0 to " + (Memslots.MAX_SLOTS - 1));
        }
        long limit = vm.gfnLimit() << Paging.PAGE_SHIFT;
        if (slot.gpa() >= limit || slot.bytes() > limit - slot.gpa()) {
            throw invalid(name + ": gpa 0x" + Long.toHexString(slot.gpa()) + ", 0x" + Long.toHexString(slot.bytes())
                    + " bytes has to lie below 0x" + Long.toHexString(limit));
        }
        if (slot.bytes() >>> Paging.PAGE_SHIFT > MAX_PAGES) {
            throw invalid(name + ": length 0x" + Long.toHexString(slot.bytes()) + "; legal is one to 2^31 - 1 pages");
        }
    }

    private void checkFlags(Memslot slot, String name) {
        if (slot.store() == null) {
            return;
        }
        if (!slot.flags().isEmpty()) {
            throw invalid(name + ": a slot with a store cannot have the flags " + slot.flags());
        }
        if (!vm.traits().has(VmTrait.PRIVATE_MEMORY) && !vm.policies().profile().bindsWithoutPrivateMemory()) {
            throw invalid(name + ": in this profile a VM without private memory has no slots with a store");
        }
    }

    private static void checkAligned(String name, String field, long value) {
        if (value < 0 || !Paging.isPageAligned(value)) {
            throw invalid(name + ": " + field + " 0x" + Long.toHexString(value) + " is not a multiple of 4096");
        }
    }

    /// What a slot that is there may become.
    @SuppressWarnings("ReferenceEquality") // a mapping is an identity
    static void checkChange(Memslot old, Memslot next) {
        String name = "slot " + old.id();
        if (old.store() != null || next.store() != null) {
            throw invalid(name + " exists, and a slot with a store can only be deleted");
        }
        if (old.mapping() != next.mapping() || old.mappingOffset() != next.mappingOffset()
                || old.bytes() != next.bytes()) {
            throw invalid(name + " exists; its mapping, mapping offset and length cannot change");
        }
        if (old.flags().contains(MemslotFlag.READONLY) != next.flags().contains(MemslotFlag.READONLY)) {
            throw invalid(name + " exists; READONLY cannot change");
        }
    }

    /// Whether the range is free, but for the slot that is about to move.
    static void checkFree(Memslot slot, SlotTable slots, @Nullable SlotEntry moving) {
        if (slot.bytes() == 0) {
            throw invalid("slot " + slot.id() + " has no length; legal is one to 2^31 - 1 pages");
        }
        if (slot.mapping() == null && slot.store() == null) {
            throw invalid("slot " + slot.id() + " has neither a mapping nor a store");
        }
        long gfn = slot.gpa() >>> Paging.PAGE_SHIFT;
        SlotTable others = moving == null ? slots : slots.without(moving);
        SlotEntry other = others.overlapping(gfn, gfn + (slot.bytes() >>> Paging.PAGE_SHIFT));
        if (other != null) {
            throw new GuestMemoryException(Errno.EEXIST,
                    "slot " + slot.id() + " overlaps slot " + other.memslot().id() + " at gpa 0x"
                            + Long.toHexString(other.memslot().gpa()) + ", 0x"
                            + Long.toHexString(other.memslot().bytes()) + " bytes");
        }
    }

    static GuestMemoryException invalid(String message) {
        return new GuestMemoryException(Errno.EINVAL, message);
    }
}
