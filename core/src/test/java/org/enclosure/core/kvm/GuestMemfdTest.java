package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.KvmVm.GIB;
import static org.enclosure.core.kvm.KvmVm.PAGE;
import static org.enclosure.core.kvm.KvmVm.errnoOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.reflect.Method;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

import org.enclosure.api.Errno;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.HostAccessException.Signal;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/// The cases of guest_memfd_test.
class GuestMemfdTest {
    private static final long TOTAL = 4 * PAGE;
    private static final long EACH = 0xaaaa_aaaa_aaaa_aaaaL;

    static List<Set<StoreFlag>> flagSets() {
        return List.of(Set.of(), Set.of(StoreFlag.MMAP), EnumSet.allOf(StoreFlag.class));
    }

    private static KvmVm vm(KvmVm.Backing backing) {
        return KvmVm.of(backing);
    }

    // ---- the 6.12 form --------------------------------------------------------------------------------------------------

    @DisplayName("T-A01 invalid size")
    @EachBacking
    void shouldRefuseEverySizeThatIsNoMultipleOfAPage(KvmVm.Backing backing) {
        try (KvmVm kvm = vm(backing)) {
            for (long size = 0; size < PAGE; size++) {
                long bytes = size;
                assertEquals(Errno.EINVAL, errnoOf(() -> kvm.store(bytes)), "size " + bytes);
            }
            assertEquals(Errno.EINVAL, errnoOf(() -> kvm.store(Long.MIN_VALUE)), "the sign bit");
        }
    }

    @DisplayName("T-A02 invalid flag")
    @ParameterizedTest(name = "{displayName} [{0}]")
    @EnumSource(StoreFlag.class)
    void shouldKnowNoFlagIn612(StoreFlag flag) {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.IN_PLACE, "profile=6.12")) {
            assertEquals(Errno.EINVAL, errnoOf(() -> kvm.store(PAGE, flag)));
            assertTrue(KvmVm.refusalOf(() -> kvm.store(1, flag)).toString().contains("flags"),
                    "the flags are checked before the size");
            assertEquals(Set.of(), kvm.store(PAGE).flags());
        }
    }

    @DisplayName("T-A03 two files")
    @EachBacking
    void shouldKeepTwoStoresApart(KvmVm.Backing backing) {
        try (KvmVm kvm = vm(backing)) {
            GuestMemoryStore first = kvm.store(PAGE);
            assertEquals(PAGE, first.size());
            GuestMemoryStore second = kvm.store(2 * PAGE);
            assertEquals(2 * PAGE, second.size());
            assertEquals(PAGE, first.size());
            assertNotSame(first, second);
            second.allocate(0, PAGE);
            assertEquals(0, first.allocatedBytes(), "they are two memories");
        }
    }

    @DisplayName("T-A04 read/write")
    @Test
    void shouldHaveNoCallThatMovesBytes() {
        checkNoCallMovesBytes();
    }

    private static void checkNoCallMovesBytes() {
        for (Method method : GuestMemoryStore.class.getMethods()) {
            Stream.concat(Stream.of(method.getReturnType()), Stream.of(method.getParameterTypes()))
                    .forEach(type -> assertFalse(
                            type.isArray() || type == MemorySegment.class || ByteBuffer.class.isAssignableFrom(type),
                            () -> "a store is neither read nor written: " + method));
        }
    }

    @DisplayName("T-A05 mmap refused")
    @EachBacking
    void shouldRefuseToMapAStoreWithoutTheFlag(KvmVm.Backing backing) {
        try (KvmVm kvm = vm(backing)) {
            assertEquals(Errno.ENODEV, errnoOf(() -> kvm.process.map(kvm.store(TOTAL), 0, PAGE)));
        }
    }

    @DisplayName("T-A06 size")
    @EachBacking
    void shouldHaveTheSizeThatWasAskedFor(KvmVm.Backing backing) {
        try (KvmVm kvm = vm(backing)) {
            assertEquals(TOTAL, kvm.store(TOTAL).size());
            assertEquals(0x7fff_ffff_ffff_f000L, kvm.store(0x7fff_ffff_ffff_f000L).size(), "nothing is reserved");
        }
    }

    @DisplayName("T-A07 fallocate list")
    @EachBacking
    void shouldAllocateAndPunchInsideAndPunchBeyondTheEnd(KvmVm.Backing backing) {
        try (KvmVm kvm = vm(backing)) {
            checkFallocate(kvm.store(TOTAL));
        }
    }

    private static void checkFallocate(GuestMemoryStore store) {
        store.allocate(0, TOTAL);
        assertEquals(TOTAL, store.allocatedBytes());
        assertEquals(Errno.EINVAL, errnoOf(() -> store.punchHole(PAGE - 1, PAGE)));
        assertEquals(Errno.EINVAL, errnoOf(() -> store.allocate(TOTAL, PAGE)));
        assertEquals(Errno.EINVAL, errnoOf(() -> store.allocate(TOTAL + PAGE, PAGE)));
        store.punchHole(TOTAL, PAGE);
        store.punchHole(TOTAL + PAGE, PAGE);
        assertEquals(Errno.EINVAL, errnoOf(() -> store.punchHole(PAGE, PAGE - 1)));
        assertEquals(TOTAL, store.allocatedBytes());
        store.punchHole(PAGE, PAGE);
        assertEquals(TOTAL - PAGE, store.allocatedBytes());
        store.allocate(PAGE, PAGE);
        assertEquals(TOTAL, store.allocatedBytes());
    }

    @DisplayName("T-A08 bad punch")
    @EachBacking
    void shouldRefuseEveryPunchThatIsNotAligned(KvmVm.Backing backing) {
        try (KvmVm kvm = vm(backing)) {
            checkBadPunch(kvm.store(TOTAL));
        }
    }

    private static void checkBadPunch(GuestMemoryStore store) {
        long[][] ranges = {{0, 1}, {0, PAGE - 1}, {0, PAGE + 1}, {1, 1}, {1, PAGE - 1}, {1, PAGE}, {1, PAGE + 1},
                {PAGE, 1}, {PAGE, PAGE - 1}, {PAGE, PAGE + 1}};
        for (long[] range : ranges) {
            assertEquals(Errno.EINVAL, errnoOf(() -> store.punchHole(range[0], range[1])));
        }
    }

    // ---- the 7.x form ---------------------------------------------------------------------------------------------------

    @DisplayName("T-A10 flags")
    @ParameterizedTest(name = "{displayName} [{0}]")
    @MethodSource("offered")
    void shouldTakeTheFlagsThatTheVmTypeHas(String profile, boolean isOrdinary, Set<StoreFlag> offered) {
        try (KvmVm kvm = isOrdinary ? KvmVm.ordinary("profile=" + profile)
                : KvmVm.of(KvmVm.Backing.IN_PLACE, "profile=" + profile)) {
            for (StoreFlag flag : StoreFlag.values()) {
                Executable create = () -> assertEquals(Set.of(flag), kvm.store(PAGE, flag).flags());
                if (offered.contains(flag)) {
                    org.junit.jupiter.api.Assertions.assertDoesNotThrow(create);
                } else {
                    assertEquals(Errno.EINVAL, errnoOf(create));
                }
            }
        }
    }

    static Object[][] offered() {
        Set<StoreFlag> both = EnumSet.allOf(StoreFlag.class);
        return new Object[][] {{"6.12", true, Set.of()}, {"6.12", false, Set.of()}, {"6.18", true, both},
                {"6.18", false, Set.of(StoreFlag.MMAP)}, {"newest", true, both}, {"newest", false, both}};
    }

    @DisplayName("T-A11 matrix")
    @ParameterizedTest(name = "{displayName} {0}")
    @MethodSource("flagSets")
    void shouldBehaveAlikeWithEveryFlagSet(Set<StoreFlag> flags) {
        try (KvmVm kvm = KvmVm.ordinary()) {
            assertEquals(flags, kvm.vm.createStore(PAGE, flags).flags());
            assertEquals(Errno.EINVAL, errnoOf(() -> kvm.vm.createStore(PAGE + 1, flags)));
        }
    }

    @DisplayName("T-A12 invalid size, two files, size, fallocate, bad punch")
    @ParameterizedTest(name = "{displayName} {0}")
    @MethodSource("flagSets")
    void shouldKeepTheOldRulesWithEveryFlagSet(Set<StoreFlag> flags) {
        try (KvmVm kvm = KvmVm.ordinary()) {
            for (long size = 1; size < PAGE; size += 511) {
                long bytes = size;
                assertEquals(Errno.EINVAL, errnoOf(() -> kvm.vm.createStore(bytes, flags)));
            }
            GuestMemoryStore store = kvm.vm.createStore(TOTAL, flags);
            GuestMemoryStore second = kvm.vm.createStore(PAGE, flags);
            checkFallocate(store);
            checkBadPunch(store);
            assertEquals(TOTAL, store.size());
            assertEquals(0, second.allocatedBytes());
        }
    }

    @DisplayName("T-A13 read/write")
    @Test
    void shouldHaveNoCallThatMovesBytesWithAnyFlag() {
        checkNoCallMovesBytes();
    }

    @DisplayName("T-A14 mmap without the flag")
    @Test
    void shouldRefuseAnyMappingWithoutTheFlag() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            GuestMemoryStore store = kvm.store(TOTAL, StoreFlag.INIT_SHARED);
            assertEquals(Errno.ENODEV, errnoOf(() -> kvm.process.map(store, 0, TOTAL)));
        }
    }

    @DisplayName("T-A15 mmap COW: there are shared mappings only")
    @Test
    void shouldSeeWhatAnotherMappingWrote() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            GuestMemoryStore store = kvm.store(TOTAL, StoreFlag.MMAP, StoreFlag.INIT_SHARED);
            HostMapping first = kvm.process.map(store, 0, TOTAL);
            HostMapping second = kvm.host.createAddressSpace().map(store, 0, TOTAL);
            first.storeLong(PAGE, EACH);
            assertEquals(EACH, second.loadLong(PAGE), "no mapping has a copy of its own");
        }
    }

    @DisplayName("T-A16 mmap supported")
    @Test
    void shouldReadZeroInAMappingWhereAHoleWasPunched() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            GuestMemoryStore store = kvm.store(TOTAL, StoreFlag.MMAP, StoreFlag.INIT_SHARED);
            HostMapping mapping = kvm.process.map(store, 0, TOTAL);
            fill(mapping, TOTAL, EACH);
            check(mapping, 0, TOTAL, EACH);
            store.punchHole(0, PAGE);
            check(mapping, 0, PAGE, 0);
            check(mapping, PAGE, TOTAL, EACH);
            fill(mapping, TOTAL, EACH);
            check(mapping, 0, TOTAL, EACH);
            mapping.close();
            assertEquals(TOTAL, store.allocatedBytes());
        }
    }

    private static void fill(HostMapping mapping, long end, long value) {
        for (long at = 0; at < end; at += 8) {
            mapping.storeLong(at, value);
        }
    }

    private static void check(HostMapping mapping, long start, long end, long value) {
        for (long at = start; at < end; at += 8) {
            assertEquals(value, mapping.loadLong(at), "offset " + at);
        }
    }

    @DisplayName("T-A17 fault past EOF")
    @Test
    void shouldRaiseSigbusPastTheEnd() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            GuestMemoryStore store = kvm.store(TOTAL, StoreFlag.MMAP, StoreFlag.INIT_SHARED);
            HostMapping mapping = kvm.process.map(store, 0, 4 * TOTAL);
            for (long at = TOTAL; at < 4 * TOTAL; at += PAGE) {
                long offset = at;
                assertSigbus(() -> mapping.storeLong(offset, 1));
                assertSigbus(() -> mapping.loadLong(offset));
            }
            fill(mapping, TOTAL, EACH);
            check(mapping, 0, TOTAL, EACH);
        }
    }

    @DisplayName("T-A18 fault private")
    @EachBacking
    void shouldRaiseSigbusOnEveryPrivatePage(KvmVm.Backing backing) {
        try (KvmVm kvm = vm(backing)) {
            HostMapping mapping = kvm.process.map(kvm.store(TOTAL, StoreFlag.MMAP), 0, TOTAL);
            for (long at = 0; at < TOTAL; at += 8) {
                long offset = at;
                assertSigbus(() -> mapping.loadLong(offset));
            }
            assertEquals(Errno.EFAULT, errnoOf(() -> mapping.pin(0, PAGE, "GUP")));
        }
    }

    private static void assertSigbus(Executable access) {
        assertEquals(Signal.SIGBUS, assertThrows(HostAccessException.class, access).signal());
    }

    @DisplayName("T-A19 mbind")
    @Test
    @Disabled("not applicable: a host has one node; there is no memory policy to set")
    void bindsToNodes() {
    }

    @DisplayName("T-A20 NUMA allocation")
    @Test
    @Disabled("not applicable: a host has one node; all frames are equally near")
    void allocatesOnNodes() {
    }

    @DisplayName("T-A21 collapse")
    @Test
    @Disabled("not applicable: the host's page tables are not modelled, so there is nothing to advise or to collapse")
    void collapses() {
    }

    @DisplayName("T-A22 guest")
    @Test
    void shouldShareAStoreBetweenHostAndGuest() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            GuestMemoryStore store = kvm.storeSlot(1, 4 * GIB, TOTAL, StoreFlag.MMAP, StoreFlag.INIT_SHARED);
            HostMapping mapping = kvm.process.map(store, 0, TOTAL);
            fill(mapping, TOTAL, EACH);
            assertEquals(ExitReason.HALTED, kvm.run(cpu -> {
                for (long at = 0; at < TOTAL; at += 8) {
                    assertEquals(EACH, cpu.loadLong(4 * GIB + at));
                    cpu.storeLong(4 * GIB + at, -1);
                }
            }).reason());
            check(mapping, 0, TOTAL, -1);
        }
    }

    @DisplayName("T-A22 guest: pages that the host cannot reach")
    @Test
    void shouldLetAnOrdinaryGuestUseAStoreThatTheHostCannotReach() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            GuestMemoryStore store = kvm.storeSlot(1, 4 * GIB, TOTAL, StoreFlag.MMAP);
            kvm.run(cpu -> {
                cpu.storeLong(4 * GIB, 7);
                assertEquals(7, cpu.loadLong(4 * GIB));
            });
            assertSigbus(() -> kvm.process.map(store, 0, TOTAL).loadLong(0));
        }
    }
}
