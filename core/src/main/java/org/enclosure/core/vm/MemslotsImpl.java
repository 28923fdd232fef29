package org.enclosure.core.vm;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.slot.MemslotFlag;
import org.enclosure.api.slot.Memslots;
import org.enclosure.core.convert.CallbackGuard;
import org.enclosure.core.convert.MemoryChanges;
import org.enclosure.core.hostside.MappingImpl;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.core.slot.SlotTable;

/// The memslots of a VM: checks in KVM's order, then a new snapshot.
final class MemslotsImpl implements Memslots {
    private static final long MAX_PAGES = Integer.MAX_VALUE;

    private final VmCore vm;
    private final MemoryChanges changes;
    private final SlotResolver resolver;
    private final ReentrantLock mutation;

    MemslotsImpl(VmImpl owner) {
        vm = owner.core();
        changes = owner.changes();
        resolver = new SlotResolver(owner);
        mutation = vm.mutation();
    }

    @Override
    public List<Memslot> list() {
        return vm.slots().entries().stream().map(SlotEntry::memslot).toList();
    }

    @Override
    public long generation() {
        return vm.slots().generation();
    }

    @Override
    public void create(Memslot slot) {
        CallbackGuard.check("slot creation");
        checkShape(slot);
        mutation.lock();
        try {
            SlotTable slots = vm.slots();
            checkPlace(slot, slots);
            SlotEntry entry = resolver.resolve(slot);
            if (slot.mapping() instanceof MappingImpl mapping && !mapping.claim(resolver.owner())) {
                throw invalid("slot " + slot.id() + ": its mapping is used by the slots of another VM");
            }
            vm.publish(slots.with(entry));
        } finally {
            mutation.unlock();
        }
        if (vm.policies().allocatesEarly() && slot.store() != null) {
            slot.store().allocate(slot.storeOffset(), slot.bytes());
        }
    }

    private void checkShape(Memslot slot) {
        String name = "slot " + slot.id();
        if (slot.store() != null && slot.flags().contains(MemslotFlag.READONLY)) {
            throw invalid(name + ": a slot with a store cannot be read-only");
        }
        checkAligned(name, "gpa", slot.gpa());
        checkAligned(name, "length", slot.bytes());
        checkAligned(name, "mapping offset", slot.mappingOffset());
        checkAligned(name, "store offset", slot.storeOffset());
        if (slot.bytes() <= 0 || slot.bytes() >>> Paging.PAGE_SHIFT > MAX_PAGES) {
            throw invalid(name + ": length 0x" + Long.toHexString(slot.bytes()) + "; legal is one to 2^31 - 1 pages");
        }
        long limit = vm.gfnLimit() << Paging.PAGE_SHIFT;
        if (slot.gpa() < 0 || slot.gpa() >= limit || slot.bytes() > limit - slot.gpa()) {
            throw invalid(name + ": gpa 0x" + Long.toHexString(slot.gpa()) + ", 0x" + Long.toHexString(slot.bytes())
                    + " bytes has to lie below 0x" + Long.toHexString(limit));
        }
        if (slot.id() < 0 || slot.id() >= MAX_SLOTS) {
            throw invalid(name + ": ids go from 0 to " + (MAX_SLOTS - 1));
        }
        if (slot.mapping() == null && slot.store() == null) {
            throw invalid(name + " has neither a mapping nor a store");
        }
    }

    private static void checkAligned(String name, String field, long value) {
        if (value < 0 || !Paging.isPageAligned(value)) {
            throw invalid(name + ": " + field + " 0x" + Long.toHexString(value) + " is not a multiple of 4096");
        }
    }

    private static void checkPlace(Memslot slot, SlotTable slots) {
        if (slots.byId(slot.id()) != null) {
            throw invalid("slot " + slot.id() + " exists; delete it first");
        }
        long gfn = slot.gpa() >>> Paging.PAGE_SHIFT;
        SlotEntry other = slots.overlapping(gfn, gfn + (slot.bytes() >>> Paging.PAGE_SHIFT));
        if (other != null) {
            throw new GuestMemoryException(Errno.EEXIST,
                    "slot " + slot.id() + " overlaps slot " + other.memslot().id() + " at gpa 0x"
                            + Long.toHexString(other.memslot().gpa()) + ", 0x"
                            + Long.toHexString(other.memslot().bytes()) + " bytes");
        }
    }

    private static GuestMemoryException invalid(String message) {
        return new GuestMemoryException(Errno.EINVAL, message);
    }

    @Override
    public void delete(int id) {
        CallbackGuard.check("slot deletion");
        mutation.lock();
        try {
            SlotTable slots = vm.slots();
            SlotEntry entry = slots.byId(id);
            if (entry == null) {
                throw invalid("there is no slot " + id);
            }
            changes.replaceSlots(slots.without(entry), entry.baseGfn(), entry.endGfn());
        } finally {
            mutation.unlock();
        }
    }
}
