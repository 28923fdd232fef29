package org.enclosure.examples.machine;

import java.util.EnumSet;
import java.util.Set;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.host.HostAddressSpace;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.policy.PolicyKey;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.Vm;
import org.enclosure.examples.guest.MemoryMap;

/// The RAM of one VM as its VMM sees it: a store, a mapping through which the host reaches what is shared, and the memslots
/// over both. Offsets in store and mapping are gpas; behind the RAM the store has one spare window.
///
/// With split backing the mapping is anonymous memory, which holds the shared half; in place it maps the store.
public final class GuestMemory implements AutoCloseable {
    private static final int LOW_SLOT = 0;
    private static final int WINDOW_SLOT = 1;
    private static final int MAIN_SLOT = 2;
    private static final int HIGH_SLOT = 3;
    /// The first id that no slot of the RAM has.
    public static final int FREE_SLOT = 4;

    private final Vm vm;
    private final boolean split;
    private final GuestMemoryStore store;
    private final HostAddressSpace space;
    private final HostMapping mapping;

    private GuestMemory(Vm vm, boolean split, GuestMemoryStore store, HostAddressSpace space, HostMapping mapping) {
        this.vm = vm;
        this.split = split;
        this.store = store;
        this.space = space;
        this.mapping = mapping;
    }

    /// Creates store, mapping and slots.
    static GuestMemory create(Host host, Vm vm, MemoryMap map) {
        boolean split = "split".equals(vm.policies().get(PolicyKey.BACKING));
        Set<StoreFlag> flags = split ? EnumSet.noneOf(StoreFlag.class) : EnumSet.of(StoreFlag.MMAP);
        GuestMemoryStore store = vm.createStore(map.ramBytes() + MemoryMap.WINDOW_BYTES, flags);
        HostAddressSpace space = host.createAddressSpace();
        HostMapping mapping = split ? space.map(map.ramBytes()) : space.map(store, 0, map.ramBytes());
        GuestMemory memory = new GuestMemory(vm, split, store, space, mapping);
        memory.createSlots(map);
        if (split) {
            // A store starts private; what the VM itself keeps, by guest address, starts shared.
            vm.conversions().convert(0, map.ramBytes(), MemoryKind.PRIVATE);
        }
        return memory;
    }

    /// Whether private and shared half live apart.
    public boolean isSplit() {
        return split;
    }

    /// The store; an offset is a gpa.
    public GuestMemoryStore store() {
        return store;
    }

    /// The host's way to what is shared; an offset is a gpa.
    public HostMapping mapping() {
        return mapping;
    }

    /// The host process that the mapping is in.
    public HostAddressSpace space() {
        return space;
    }

    /// Takes the window's memslot away.
    public void deleteWindow() {
        delete(WINDOW_SLOT);
    }

    /// Creates the window's memslot.
    ///
    /// @param storeOffset what of the store is behind it
    public void createWindow(long storeOffset) {
        create(WINDOW_SLOT, MemoryMap.WINDOW, MemoryMap.WINDOW_BYTES, MemoryMap.WINDOW, storeOffset);
    }

    /// Creates a slot over this memory.
    ///
    /// @param mappingOffset what of the mapping is behind it, where the backing is split
    /// @param storeOffset what of the store is behind it
    public void create(int id, long gpa, long bytes, long mappingOffset, long storeOffset) {
        vm.slots().create(split ? new Memslot(id, gpa, bytes, Set.of(), mapping, mappingOffset, store, storeOffset)
                : Memslot.ofStore(id, gpa, bytes, store, storeOffset));
    }

    /// Deletes a slot.
    public void delete(int id) {
        vm.slots().delete(id);
    }

    /// The offset of the spare window in the store.
    public long spareWindow() {
        return store.size() - MemoryMap.WINDOW_BYTES;
    }

    /// Gives mapping and store up. The slots stay, empty.
    @Override
    public void close() {
        mapping.close();
        space.close();
        store.close();
    }

    private void createSlots(MemoryMap map) {
        create(LOW_SLOT, 0, MemoryMap.WINDOW);
        create(WINDOW_SLOT, MemoryMap.WINDOW, MemoryMap.WORK_BYTES);
        create(MAIN_SLOT, MemoryMap.WORK_BYTES, Math.min(map.ramBytes(), MemoryMap.FOUR_GIB));
        if (map.ramBytes() > MemoryMap.FOUR_GIB) {
            create(HIGH_SLOT, MemoryMap.FOUR_GIB, map.ramBytes());
        }
    }

    private void create(int id, long from, long to) {
        create(id, from, to - from, from, from);
    }
}
