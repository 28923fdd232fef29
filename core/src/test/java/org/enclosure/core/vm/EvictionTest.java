package org.enclosure.core.vm;

import static org.enclosure.core.vm.Machine.LARGE;
import static org.enclosure.core.vm.Machine.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Set;
import java.util.function.Function;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A change that needs a table for a split, on a host without a free frame: ENOMEM, and nothing has changed.
@Timeout(60)
class EvictionTest {
    private static final long SECOND = 32L << 20;

    /// Takes every frame that the host has left.
    private static void exhaust(Machine machine) {
        HostMapping rest = machine.process.map(64L << 20);
        GuestMemoryException full = assertThrows(GuestMemoryException.class, () -> rest.populate(0, 64L << 20));
        assertEquals(Errno.ENOMEM, full.errno());
    }

    /// A store behind two slots, all of it in mappings of 2M, and not one frame left.
    private static GuestMemoryStore open(Machine machine) {
        GuestMemoryStore store = machine.vm.createStore(8 * LARGE, Set.of(StoreFlag.MMAP));
        machine.vm.slots().create(Memslot.ofStore(1, SECOND, LARGE, store, 0));
        machine.vm.slots().create(Memslot.ofStore(2, SECOND + 2 * LARGE, 7 * LARGE, store, LARGE));
        store.convert(0, 8 * LARGE, MemoryKind.PRIVATE);
        machine.run(cpu -> {
            for (long at = 0; at < 9 * LARGE; at += LARGE) {
                if (at != LARGE) {
                    cpu.storeLong(cpu.address(SECOND + at, true), ~at);
                }
            }
        });
        // The engine has frames in reserve; each split takes one of them.
        for (long leaf = 7; leaf > 2; leaf--) {
            exhaust(machine);
            try {
                store.punchHole(leaf * LARGE + PAGE, PAGE);
            } catch (GuestMemoryException e) {
                assertEquals(Errno.ENOMEM, e.errno());
                break;
            }
        }
        exhaust(machine);
        return store;
    }

    private static void assertUnchanged(Machine machine, GuestMemoryStore store, long allocated) {
        assertEquals(allocated, store.allocatedBytes());
        machine.run(cpu -> {
            for (long at = 0; at < 9 * LARGE; at += LARGE) {
                if (at != LARGE) {
                    assertEquals(~at, cpu.loadLong(cpu.address(SECOND + at, true)), "at 0x" + Long.toHexString(at));
                }
            }
        });
    }

    private static void assertRefused(String type, Function<GuestMemoryStore, Executable> change) {
        try (Machine machine = new Machine(Machine.test(type))) {
            GuestMemoryStore store = open(machine);
            long allocated = store.allocatedBytes();
            assertEquals(Errno.ENOMEM, assertThrows(GuestMemoryException.class, change.apply(store)).errno());
            for (long page = 0; page < 2 * LARGE; page += PAGE) {
                assertEquals(MemoryKind.PRIVATE, store.kind(page));
            }
            assertUnchanged(machine, store, allocated);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"backend-owned", "backend-both"})
    void shouldPunchNothingIfAnEndCannotBeSplit(String type) {
        assertRefused(type, store -> () -> store.punchHole(0, LARGE + PAGE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"backend-owned", "backend-both"})
    void shouldNotMarkAFailedPageIfItCannotBeCutOut(String type) {
        try (Machine machine = new Machine(Machine.test(type))) {
            GuestMemoryStore store = open(machine);
            long allocated = store.allocatedBytes();
            long pa = machine.vm.inspect(SECOND + 5 * PAGE).pa();
            assertEquals(Errno.ENOMEM,
                    assertThrows(GuestMemoryException.class, () -> machine.host.memoryFailure(pa)).errno());
            assertEquals(0, store.stats().failedPages());
            assertUnchanged(machine, store, allocated);
            store.punchHole(0, LARGE);
            assertEquals(0, machine.host.stats().quarantined(), "its frame is not marked either");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"backend-owned", "backend-both"})
    void shouldConvertNothingIfAnEndCannotBeSplit(String type) {
        assertRefused(type, store -> () -> store.convert(0, LARGE + PAGE, MemoryKind.SHARED));
    }
}
