package org.enclosure.core.vm;

import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.slot.MemslotFlag;
import org.enclosure.api.slot.Memslots;
import org.enclosure.core.convert.CallbackGuard;
import org.enclosure.core.convert.MemoryChanges;
import org.enclosure.core.hostside.MappingImpl;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.core.slot.SlotTable;
import org.enclosure.spi.VmTrait;
import org.jspecify.annotations.Nullable;

/// The memslots of a VM: checks in KVM's order ([SlotChecks]), then a new snapshot.
final class MemslotsImpl implements Memslots {
    private final VmCore vm;
    private final MemoryChanges changes;
    private final SlotChecks checks;
    private final SlotResolver resolver;
    private final ReentrantLock mutation;

    MemslotsImpl(VmImpl owner) {
        vm = owner.core();
        changes = owner.changes();
        checks = new SlotChecks(vm);
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
        mutation.lock();
        try {
            vm.checkOpen();
            checks.checkShape(slot);
            if (vm.slots().byId(slot.id()) != null) {
                throw SlotChecks.invalid("slot " + slot.id() + " exists; delete it first, or call set");
            }
            add(slot);
        } finally {
            mutation.unlock();
        }
    }

    private void add(Memslot slot) {
        SlotTable slots = vm.slots();
        SlotChecks.checkFree(slot, slots, null);
        SlotEntry entry = resolver.resolve(slot);
        if (vm.policies().allocatesEarly() && slot.store() instanceof StoreImpl store) {
            store.allocateAll(slot.storeOffset(), slot.bytes());
        }
        if (slot.mapping() instanceof MappingImpl mapping) {
            if (!mapping.claim(resolver.owner())) {
                throw new GuestMemoryException(Errno.EBADF, "slot " + slot.id() + ": its mapping is closed");
            }
            resolver.owner().uses(mapping.object());
            if (vm.policies().allocatesSharedExplicitly()) {
                mapping.object().allocateExplicitly();
            }
        }
        if (entry.dirty() != null) {
            vm.dirty().turnOn();
        }
        vm.publish(slots.with(entry));
    }

    @Override
    public void set(Memslot slot) {
        CallbackGuard.check("slot change");
        mutation.lock();
        try {
            vm.checkOpen();
            checks.checkShape(slot);
            SlotEntry old = vm.slots().byId(slot.id());
            if (slot.bytes() == 0) {
                remove(slot.id(), old);
            } else if (old == null) {
                add(slot);
            } else {
                change(old, slot);
            }
        } finally {
            mutation.unlock();
        }
    }

    private void change(SlotEntry old, Memslot slot) {
        SlotChecks.checkChange(old.memslot(), slot);
        boolean logs = slot.flags().contains(MemslotFlag.LOG_DIRTY);
        SlotTable slots = vm.slots();
        if (old.memslot().gpa() != slot.gpa()) {
            checkMayGo(old, "moved");
            SlotChecks.checkFree(slot, slots, old);
            SlotEntry moved = resolver.resolve(slot);
            boolean keepsLog = logs && old.dirty() != null;
            if (logs) {
                vm.dirty().turnOn();
            }
            retire(old, slots.moving(old, keepsLog ? moved.logging(old.dirty()) : moved));
        } else if (logs && old.dirty() == null) {
            startLog(slots, old, resolver.resolve(slot));
        } else if (!logs && old.dirty() != null) {
            // What is mapped by 4K goes, so that it comes back huge.
            changes.replaceSlots(slots.replacing(old, resolver.resolve(slot)), old.baseGfn(), old.endGfn());
        }
    }

    private void startLog(SlotTable slots, SlotEntry old, SlotEntry logging) {
        DirtyLogImpl log = resolver.owner().dirtyLog();
        if (!log.isInitiallySet()) {
            log.split(old.baseGfn(), old.endGfn());
        }
        vm.dirty().turnOn();
        vm.publish(slots.replacing(old, logging));
        vm.domain().shootdown(old.baseGfn(), old.endGfn(), null);
    }

    @Override
    public void delete(int id) {
        CallbackGuard.check("slot deletion");
        mutation.lock();
        try {
            vm.checkOpen();
            remove(id, vm.slots().byId(id));
        } finally {
            mutation.unlock();
        }
    }

    private void checkMayGo(SlotEntry entry, String what) {
        if (vm.traits().has(VmTrait.PAGES_STAY)) {
            throw new GuestMemoryException(Errno.EPERM, "slot " + entry.memslot().id() + " cannot be " + what
                    + ": pages of this VM type stay the guest's as long as the VM lives");
        }
    }

    private void remove(int id, @Nullable SlotEntry entry) {
        if (entry == null) {
            throw SlotChecks.invalid("there is no slot " + id);
        }
        checkMayGo(entry, "deleted");
        retire(entry, vm.slots().without(entry));
    }

    /// Publishes slots in which one is not where it was.
    private void retire(SlotEntry old, SlotTable next) {
        vm.retire(old);
        try {
            changes.replaceSlots(next, old.baseGfn(), old.endGfn());
        } finally {
            vm.retire(null);
        }
    }
}
