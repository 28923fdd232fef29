package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.KvmVm.GPA;
import static org.enclosure.core.kvm.KvmVm.LARGE;
import static org.enclosure.core.kvm.KvmVm.PAGE;
import static org.enclosure.core.kvm.KvmVm.errnoOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.enclosure.api.Errno;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.HostAccessException.Signal;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// One page at several guest addresses.
class AliasTest {
    private static final long SECOND = GPA + 64 * LARGE + PAGE;

    private static GuestMemoryStore bindTwice(KvmVm kvm) {
        GuestMemoryStore store = kvm.store(2 * LARGE, StoreFlag.MMAP, StoreFlag.INIT_SHARED);
        kvm.vm.slots().create(Memslot.ofStore(1, GPA, 2 * LARGE, store, 0));
        kvm.vm.slots().create(Memslot.ofStore(2, SECOND, LARGE, store, LARGE));
        return store;
    }

    @DisplayName("aliases=refuse: a second binding is refused")
    @EachBacking
    void shouldRefuseASecondBinding(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing, "aliases=refuse")) {
            assertEquals(Errno.EEXIST, errnoOf(() -> bindTwice(kvm)));
        }
    }

    @DisplayName("aliases=allow: both addresses reach the page, in each kind")
    @ParameterizedTest(name = "{displayName} page={0}")
    @ValueSource(strings = {"2m", "4k"})
    void shouldReachAPageByBothAddresses(String page) {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.IN_PLACE, "aliases=allow", "page=" + page)) {
            GuestMemoryStore store = bindTwice(kvm);
            HostMapping mapping = kvm.process.map(store, 0, 2 * LARGE);
            kvm.run(cpu -> {
                cpu.storeLong(GPA + LARGE + PAGE, 1);
                assertEquals(1, cpu.loadLong(SECOND + PAGE));
                kvm.vm.conversions().convert(SECOND, LARGE, MemoryKind.PRIVATE);
                assertEquals(1, cpu.loadLong(GPA + LARGE + PAGE));
                cpu.storeLong(SECOND + PAGE, 2);
                assertEquals(2, cpu.loadLong(GPA + LARGE + PAGE));
            });
            assertEquals(MemoryKind.PRIVATE, kvm.vm.attributes().kind(GPA + LARGE), "one page, one kind");
            assertEquals(Signal.SIGBUS,
                    assertThrows(HostAccessException.class, () -> mapping.loadLong(LARGE + PAGE)).signal());
        }
    }

    @DisplayName("aliases=allow: a hole, a conversion and a failure take the page from both addresses")
    @ParameterizedTest(name = "{displayName} page={0}")
    @ValueSource(strings = {"2m", "4k"})
    void shouldTakeAPageFromBothAddresses(String page) {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.IN_PLACE, "aliases=allow", "page=" + page)) {
            GuestMemoryStore store = bindTwice(kvm);
            kvm.run(cpu -> {
                cpu.storeLong(GPA + LARGE, 1);
                assertEquals(1, cpu.loadLong(SECOND));
                store.punchHole(LARGE, PAGE);
                assertEquals(0, cpu.loadLong(SECOND));
                assertEquals(0, cpu.loadLong(GPA + LARGE));
                cpu.storeLong(SECOND, 3);
                store.convert(LARGE, LARGE, MemoryKind.PRIVATE);
                assertEquals(3, cpu.loadLong(GPA + LARGE));
                assertEquals(3, cpu.loadLong(SECOND));
            });
            kvm.host.memoryFailure(kvm.vm.inspect(SECOND).pa());
            assertEquals(Errno.EHWPOISON, kvm.runToExit(cpu -> cpu.loadLong(GPA + LARGE)).errno());
            assertEquals(Errno.EHWPOISON, kvm.runToExit(cpu -> cpu.loadLong(SECOND)).errno());
            kvm.vm.slots().delete(1);
            store.punchHole(0, 2 * LARGE);
            kvm.run(cpu -> assertEquals(0, cpu.loadLong(SECOND)));
            assertEquals(ExitReason.MMIO, kvm.runToExit(cpu -> cpu.loadLong(GPA + LARGE)).reason());
        }
    }

    @DisplayName("aliases=allow: only where a page has one kind and the tables are the engine's")
    @Test
    void shouldRefuseThePolicyWhereItCannotBeKept() {
        assertEquals(Errno.EINVAL, errnoOf(() -> KvmVm.of(KvmVm.Backing.SPLIT, "aliases=allow").close()));
        assertEquals(Errno.EINVAL,
                errnoOf(() -> KvmVm.of(KvmVm.Backing.IN_PLACE, "aliases=allow", "convert=pending").close()));
    }

    @DisplayName("host memory at two guest addresses of one VM: a discard takes it from both")
    @EachBacking
    void shouldDiscardHostMemoryUnderTwoSlotsOfOneVm(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            HostMapping mapping = kvm.hostSlot(1, GPA, LARGE);
            kvm.vm.slots().create(Memslot.ofMapping(2, SECOND, LARGE, mapping, 0));
            kvm.run(cpu -> {
                cpu.storeLong(GPA, 1);
                assertEquals(1, cpu.loadLong(SECOND));
                mapping.discard(0, PAGE);
                assertEquals(0, cpu.loadLong(SECOND));
                assertEquals(0, cpu.loadLong(GPA));
                cpu.storeLong(SECOND, 2);
                assertEquals(2, cpu.loadLong(GPA));
            });
        }
    }
}
