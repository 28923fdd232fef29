package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.KvmVm.GPA;
import static org.enclosure.core.kvm.KvmVm.LARGE;
import static org.enclosure.core.kvm.KvmVm.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Set;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.junit.jupiter.api.DisplayName;

/// What a guest's memory costs the host in each backing.
class MemoryUseTest {
    private static final long BYTES = 4 * LARGE;

    /// Memory that the guest uses wholly as shared, then wholly as private.
    private static long usedAfterBoth(KvmVm kvm, HostMapping mapping, GuestMemoryStore store) {
        long before = kvm.host.stats().free() + kvm.vm.stats().tableFrames();
        kvm.vm.slots().create(new Memslot(1, GPA, BYTES, Set.of(), mapping, 0, store, 0));
        for (MemoryKind kind : List.of(MemoryKind.SHARED, MemoryKind.PRIVATE)) {
            kvm.vm.conversions().convert(GPA, BYTES, kind);
            kvm.run(cpu -> {
                for (long at = 0; at < BYTES; at += PAGE) {
                    cpu.storeLong(GPA + at, at);
                }
            });
        }
        kvm.vcpu.close(); // gives its reserve back
        return before - kvm.host.stats().free() - kvm.vm.stats().tableFrames();
    }

    @DisplayName("both halves in use: double memory with split backing until one is discarded, never in place")
    @EachBacking
    void shouldPayTwiceWithSplitBackingAlone(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            boolean isSplit = backing == KvmVm.Backing.SPLIT;
            GuestMemoryStore store = kvm.store(BYTES, StoreFlag.MMAP, StoreFlag.INIT_SHARED);
            HostMapping mapping = isSplit ? kvm.process.map(BYTES) : kvm.process.map(store, 0, BYTES);
            long pages = BYTES / PAGE;
            assertEquals(isSplit ? 2 * pages : pages, usedAfterBoth(kvm, mapping, store));
            assertEquals(BYTES, store.allocatedBytes());
            long free = kvm.host.stats().free();
            store.punchHole(0, BYTES);
            assertEquals(free + pages, kvm.host.stats().free());
            assertEquals(0, store.allocatedBytes());
        }
    }
}
