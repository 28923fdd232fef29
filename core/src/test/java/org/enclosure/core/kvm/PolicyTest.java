package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.GuestVm.ENCRYPTED;
import static org.enclosure.core.kvm.GuestVm.PAGE;
import static org.enclosure.core.kvm.GuestVm.RAM;
import static org.enclosure.core.kvm.GuestVm.answer;
import static org.enclosure.core.kvm.GuestVm.mapGpaRange;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.host.Pin;
import org.enclosure.api.policy.PolicyKey;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.vm.LaunchReport;
import org.enclosure.api.vm.PageRange;
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.core.plugin.FoundArchitecture;
import org.enclosure.spi.VmType;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Each value of each policy changes something that can be seen. The flows of `convert=vcpu-*` and `pending` are in
/// [UnshareTest].
class PolicyTest {
    private static Errno refused(Runnable call) {
        return assertThrows(GuestMemoryException.class, call::run).errno();
    }

    // ---- validation -----------------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', value = {
            "backing=split,convert=store | policy convert=store needs backing=in-place; with backing=split legal: attributes, region",
            "backing=split,convert=vcpu-2a | policy convert=vcpu-2a needs backing=in-place; with backing=split legal: attributes, region",
            "convert=pending,reboot=vmm | policy reboot=vmm needs a call of the VMM that converts; with convert=pending legal: guest, engine",
            "trigger=both | policy trigger=both is not legal for VM type software/software-protected: no access tells its kind: the type lacks ADDRESS_TELLS_KIND; legal: explicit"})
    @DisplayName("what does not go together is refused by name before anything is created")
    void shouldRefuseWhatDoesNotGoTogether(String policies, String message) {
        GuestMemoryException refusal = assertThrows(GuestMemoryException.class,
                () -> GuestVm.with(policies.split(",")).close());
        assertEquals(Errno.EINVAL, refusal.errno());
        assertEquals("EINVAL: " + message, refusal.getMessage());
    }

    @ParameterizedTest(name = "{0} -> {1}={2}")
    @CsvSource({"backing=split,CONVERT,attributes", "convert=vcpu-2b,REBOOT,guest", "convert=attributes,REBOOT,vmm",
            "convert=region,BACKING,in-place"})
    @DisplayName("what is not chosen goes with what is")
    void shouldCompleteChoicesByDefaultsThatGoWithThem(String chosen, PolicyKey key, String value) {
        try (GuestVm m = GuestVm.with(chosen)) {
            assertEquals(value, m.vm.policies().get(key));
        }
    }

    @Test
    @DisplayName("every architecture lists the legal values of every key, the default first")
    void shouldListTheLegalValuesOfEveryKey() {
        try (GuestMemorySystem system = GuestMemorySystem.builder().build()) {
            for (FoundArchitecture found : system.architectures()) {
                for (VmType type : found.vmTypes()) {
                    Map<PolicyKey, List<String>> policies = found.policies(type);
                    for (PolicyKey key : PolicyKey.values()) {
                        assertFalse(policies.getOrDefault(key, List.of()).isEmpty(),
                                found.id() + "/" + type.id() + " " + key);
                    }
                }
            }
        }
    }

    // ---- convert: which calls there are ---------------------------------------------------------------------------------

    @ParameterizedTest
    @ValueSource(strings = {"store", "attributes", "region", "vcpu-1", "vcpu-2a", "vcpu-2b", "pending"})
    @DisplayName("convert decides which of the VMM's calls there are; the engine's own is there for everybody")
    void shouldOfferTheCallsOfTheChosenWay(String convert) {
        try (GuestVm m = GuestVm.with("convert=" + convert)) {
            List<String> works = new ArrayList<>();
            note(works, "store", () -> m.store.convert(0, PAGE, MemoryKind.PRIVATE), Errno.ENOTTY);
            note(works, "attributes", () -> m.vm.attributes().set(PAGE, PAGE, MemoryKind.PRIVATE), Errno.EINVAL);
            note(works, "region", () -> m.vm.regions().register(2 * PAGE, PAGE), Errno.ENOTTY);
            assertEquals(List.of("store", "attributes", "region").contains(convert) ? List.of(convert) : List.of(),
                    works);
            m.vm.conversions().convert(3 * PAGE, PAGE, MemoryKind.PRIVATE);
            assertEquals(MemoryKind.PRIVATE, m.kind(3 * PAGE));
        }
    }

    private static void note(List<String> works, String name, Runnable call, Errno otherwise) {
        try {
            call.run();
            works.add(name);
        } catch (GuestMemoryException e) {
            assertEquals(otherwise, e.errno(), name);
        }
    }

    @Test
    @DisplayName("convert=store works without slot and vCPU, convert=attributes in place needs slots")
    void shouldNeedSlotsForAttributesInPlaceAlone() {
        try (GuestVm m = GuestVm.with("convert=store")) {
            GuestMemoryStore unbound = m.vm.createStore(PAGE, Set.of(StoreFlag.INIT_SHARED));
            unbound.convert(0, PAGE, MemoryKind.PRIVATE);
            assertEquals(MemoryKind.PRIVATE, unbound.kind(0));
        }
        try (GuestVm m = GuestVm.with("convert=attributes")) {
            m.vm.slots().delete(0);
            assertEquals(Errno.EINVAL, refused(() -> m.vm.attributes().set(0, PAGE, MemoryKind.PRIVATE)));
        }
        try (GuestVm m = GuestVm.with("backing=split")) {
            m.vm.slots().delete(0);
            m.vm.attributes().set(0, 4 * PAGE, MemoryKind.PRIVATE);
            m.vm.attributes().set(2 * PAGE, RAM, MemoryKind.PRIVATE);
            m.vm.slots().create(new Memslot(0, 0, RAM, Set.of(), m.mapping, 0, m.store, 0));
            assertTrue(m.isAll(0, RAM + 2 * PAGE, MemoryKind.PRIVATE), "attributes come before slots and stay");
            m.vm.attributes().set(RAM - PAGE, 4 * PAGE, MemoryKind.SHARED);
            assertTrue(m.isAll(RAM - PAGE, 4 * PAGE, MemoryKind.SHARED));
            assertTrue(m.isAll(0, RAM - PAGE, MemoryKind.PRIVATE));
        }
    }

    @Test
    @DisplayName("convert=region: register makes private, unregister shared, twice is once")
    void shouldRegisterAndUnregisterRegions() {
        for (String backing : List.of("in-place", "split")) {
            try (GuestVm m = GuestVm.with("backing=" + backing, "convert=region")) {
                m.vm.regions().register(PAGE, 4 * PAGE);
                m.vm.regions().register(PAGE, 4 * PAGE);
                assertTrue(m.isAll(PAGE, 4 * PAGE, MemoryKind.PRIVATE));
                m.vm.regions().unregister(2 * PAGE, PAGE);
                assertEquals(MemoryKind.SHARED, m.kind(2 * PAGE));
                m.vm.regions().unregister(2 * PAGE, PAGE);
                assertEquals(5, m.vm.stats().conversions().pages());
            }
        }
    }

    // ---- status ---------------------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "status={0}")
    @CsvSource({"exit,2,-1,false", "list,0,1,false", "both,2,1,false", "table,2,1,true"})
    @DisplayName("status decides who hears of a change and who keeps the list")
    void shouldKeepTheStatusWhereThePolicySays(String status, long exits, int listed, boolean walks) {
        try (GuestVm m = GuestVm.with("status=" + status)) {
            m.vm.conversions().convert(0, RAM, MemoryKind.PRIVATE);
            m.run(cpu -> {
                assertEquals(0, mapGpaRange(cpu, PAGE, 2 * PAGE, 0));
                assertEquals(0, mapGpaRange(cpu, 2 * PAGE, PAGE, ENCRYPTED));
                cpu.storeLong(PAGE, 1);
            });
            assertEquals(exits, m.exits("hypercall"));
            assertEquals(MemoryKind.SHARED, m.kind(PAGE), "the conversion is done whoever is told");
            if (listed < 0) {
                assertEquals(Errno.ENOTTY, refused(() -> m.vm.sharedPages().get()));
            } else {
                assertEquals(List.of(new PageRange(PAGE, PAGE)), m.vm.sharedPages().get());
            }
            assertEquals(walks, m.vm.sharedPages().walkedPages() > 0);
        }
    }

    // ---- trigger, alloc, table, payload, after, page, backing -----------------------------------------------------------

    @ParameterizedTest(name = "trigger={0}")
    @CsvSource({"both,1,HALTED", "explicit,0,MEMORY_FAULT"})
    @DisplayName("trigger decides whether an access in the other kind converts")
    void shouldConvertOnAccessOrNot(String trigger, long implicit, ExitReason end) {
        try (GuestVm m = GuestVm.ofTest("core-owned", "trigger=" + trigger)) {
            assertEquals(end, m.run(cpu -> {
                cpu.onEvent((inner, event, gpa) -> {
                    inner.accept(gpa, PAGE);
                    return true;
                });
                cpu.loadLong(cpu.address(PAGE, true));
            }).reason());
            assertEquals(implicit, m.vm.stats().conversions().implicit());
        }
    }

    @ParameterizedTest(name = "alloc={0}")
    @CsvSource({"lazy,0", "prealloc,8388608"})
    @DisplayName("alloc decides whether a slot's creation allocates")
    void shouldAllocateLazilyOrEarly(String alloc, long bytes) {
        try (GuestVm m = GuestVm.with("alloc=" + alloc)) {
            assertEquals(bytes, m.store.allocatedBytes());
        }
    }

    @ParameterizedTest(name = "table={0}")
    @CsvSource({"fault,SHARED", "conversion,PRIVATE"})
    @DisplayName("table decides when a private page enters the architecture's tables")
    void shouldEnterTheTablesAtFaultOrAtConversion(String table, String firstState) {
        try (GuestVm m = GuestVm.with("table=" + table)) {
            m.mapping.storeLong(PAGE, 1);
            m.vm.conversions().convert(PAGE, PAGE, MemoryKind.PRIVATE);
            long pa = m.vm.inspect(PAGE).pa();
            boolean reachable = canRead(m, pa);
            assertEquals(firstState.equals("SHARED"), reachable, "the host's raw read");
            m.run(cpu -> assertEquals(1, cpu.loadLong(PAGE)));
            assertFalse(canRead(m, pa), "from the first fault on it is in the tables");
        }
    }

    private static boolean canRead(GuestVm m, long pa) {
        try {
            m.host.physical().loadLong(pa);
            return true;
        } catch (org.enclosure.api.host.HostAccessException e) {
            return false;
        }
    }

    @ParameterizedTest(name = "payload={0}")
    @CsvSource({"copy,2", "in-place,0"})
    @DisplayName("payload decides whether the launch copies from a source page")
    void shouldLaunchFromASourceOrInPlace(String payload, long copied) {
        try (GuestVm m = GuestVm.with("payload=" + payload, "page=4k")) {
            MemorySegment image = MemorySegment.ofArray(GuestVm.pattern(2 * PAGE, 0x5a));
            LaunchReport report = m.vm.launch(image, Map.of("gpa", "0x1000"));
            m.run(cpu -> assertTrue(GuestVm.holds(cpu, PAGE, 2 * PAGE, 0x5a)));
            assertEquals(copied, report.copied());
        }
    }

    @ParameterizedTest(name = "after={0}")
    @ValueSource(strings = {"keep", "zero", "discard", "scramble"})
    @DisplayName("after decides what the next user sees")
    void shouldTreatTheBytesAsThePolicySays(String after) {
        try (GuestVm m = GuestVm.with("after=" + after)) {
            m.vm.conversions().convert(0, RAM, MemoryKind.PRIVATE);
            m.run(cpu -> cpu.storeLong(PAGE, 5));
            long before = m.store.allocatedBytes();
            m.vm.conversions().convert(PAGE, PAGE, MemoryKind.SHARED);
            assertEquals(after.equals("discard"), m.store.allocatedBytes() < before);
            long seen = m.mapping.loadLong(PAGE);
            switch (after) {
                case "keep" -> assertEquals(5, seen);
                case "scramble" -> assertTrue(seen != 5 && seen != 0, () -> "scrambled to " + seen);
                default -> assertEquals(0, seen);
            }
        }
    }

    @ParameterizedTest(name = "page={0}")
    @CsvSource({"2m,9", "4k,0"})
    @DisplayName("page decides the largest folio")
    void shouldMapByThePageThatWasChosen(String page, int order) {
        try (GuestVm m = GuestVm.with("page=" + page)) {
            m.run(cpu -> cpu.loadLong(0));
            assertEquals(order, m.vm.inspect(0).order());
        }
    }

    @ParameterizedTest(name = "backing={0}")
    @CsvSource({"in-place,4096", "split,4096"})
    @DisplayName("backing decides whether both halves can hold memory")
    void shouldHoldTwoHalvesWithSplitBackingAlone(String backing, long inStore) {
        try (GuestVm m = GuestVm.with("backing=" + backing, "page=4k")) {
            long free = m.host.stats().free();
            m.mapping.storeLong(0, 1);
            m.vm.conversions().convert(0, PAGE, MemoryKind.PRIVATE);
            m.run(cpu -> {
                if (backing.equals("split")) {
                    assertEquals(0, cpu.loadLong(0));
                    assertEquals(1, m.mapping.loadLong(0), "the other half");
                } else {
                    assertEquals(1, cpu.loadLong(0));
                }
            });
            assertEquals(inStore, m.store.allocatedBytes());
            assertNotEquals(free, m.host.stats().free());
        }
    }

    // ---- slots ----------------------------------------------------------------------------------------------------------

    @ParameterizedTest(name = "slots={0}")
    @CsvSource({"both,true,true,true", "hva,true,false,false", "gmem,false,true,false"})
    @DisplayName("slots decides which kinds of slot can be created")
    void shouldTakeTheSlotsOfThePolicy(String slots, boolean hva, boolean gmem, boolean mixed) {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.IN_PLACE, "slots=" + slots)) {
            GuestMemoryStore store = kvm.store(PAGE, StoreFlag.MMAP, StoreFlag.INIT_SHARED);
            assertEquals(hva, isTaken(kvm, Memslot.ofMapping(1, 0, PAGE, kvm.process.map(PAGE), 0)));
            assertEquals(gmem, isTaken(kvm, Memslot.ofStore(2, PAGE, PAGE, kvm.store(PAGE), 0)));
            assertEquals(mixed, isTaken(kvm,
                    new Memslot(3, 2 * PAGE, PAGE, Set.of(), kvm.process.map(store, 0, PAGE), 0, store, 0)));
        }
    }

    private static boolean isTaken(KvmVm kvm, Memslot slot) {
        try {
            kvm.vm.slots().create(slot);
            return true;
        } catch (GuestMemoryException e) {
            assertEquals(Errno.EINVAL, e.errno());
            return false;
        }
    }

    @Test
    @DisplayName("slots=two-stores: the shared half is a second store, with a life of its own")
    void shouldTakeTheSharedHalfFromASecondStore() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.SPLIT, "slots=two-stores")) {
            GuestMemoryStore secret = kvm.store(4 * PAGE);
            GuestMemoryStore open = kvm.store(4 * PAGE, StoreFlag.MMAP, StoreFlag.INIT_SHARED);
            var mapping = kvm.process.map(open, 0, 4 * PAGE);
            kvm.vm.slots().create(new Memslot(1, 0, 4 * PAGE, Set.of(), mapping, 0, secret, 0));
            kvm.vm.attributes().set(PAGE, PAGE, MemoryKind.PRIVATE);
            kvm.run(cpu -> {
                cpu.storeLong(0, 1);
                cpu.storeLong(PAGE, 2);
            });
            assertEquals(1, mapping.loadLong(0));
            assertEquals(0, mapping.loadLong(PAGE));
            assertTrue(secret.allocatedBytes() > 0);
            open.close();
            assertEquals(ExitReason.MEMORY_FAULT, kvm.runToExit(cpu -> cpu.loadLong(0)).reason());
            kvm.run(cpu -> assertEquals(2, cpu.loadLong(PAGE), "the other half is still there"));
        }
        assertEquals(Errno.EINVAL, refused(() -> GuestVm.with("slots=two-stores", "backing=in-place").close()));
        assertEquals(Errno.EINVAL, refused(() -> GuestVm.with("slots=gmem", "backing=split").close()));
    }

    @Test
    @DisplayName("slots=two-stores: what the host can read is nobody's private half, and what it cannot is nobody's shared one")
    void shouldKeepTheRolesOfTwoStoresApart() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.SPLIT, "slots=two-stores")) {
            GuestMemoryStore secret = kvm.store(PAGE, StoreFlag.MMAP);
            GuestMemoryStore open = kvm.store(PAGE, StoreFlag.MMAP, StoreFlag.INIT_SHARED);
            GuestMemoryStore another = kvm.store(PAGE, StoreFlag.MMAP, StoreFlag.INIT_SHARED);
            var mapping = kvm.process.map(open, 0, PAGE);
            var secretMapping = kvm.process.map(secret, 0, PAGE);
            for (Memslot wrong : List.of(new Memslot(1, 0, PAGE, Set.of(), mapping, 0, another, 0),
                    Memslot.ofStore(1, 0, PAGE, another, 0), Memslot.ofMapping(1, 0, PAGE, secretMapping, 0))) {
                assertEquals(Errno.EINVAL, refused(() -> kvm.vm.slots().create(wrong)));
            }
            kvm.vm.slots().create(new Memslot(1, 0, PAGE, Set.of(), mapping, 0, secret, 0));
        }
    }

    // ---- reboot ---------------------------------------------------------------------------------------------------------

    @Test
    @DisplayName("reboot=vmm: the VMM makes its stores private, before slots exist")
    void shouldLetTheVmmResetBeforeSlotsExist() {
        try (GuestVm m = GuestVm.with("reboot=vmm")) {
            m.run(cpu -> cpu.storeLong(PAGE, 1));
            m.vm.slots().delete(0);
            m.vm.reboot();
            assertEquals(MemoryKind.SHARED, m.store.kind(PAGE), "the engine does nothing by itself");
            m.store.convert(0, RAM, MemoryKind.PRIVATE);
            m.vm.slots().create(Memslot.ofStore(0, 0, RAM, m.store, 0));
            m.run(cpu -> assertEquals(1, cpu.loadLong(PAGE)));
            assertEquals(1, m.vm.stats().conversions().host());
            assertEquals(0, m.vm.stats().conversions().explicit());
        }
    }

    @Test
    @DisplayName("reboot=guest: the guest's firmware asks for its memory at the next boot, once")
    void shouldLetTheGuestResetAtItsNextBoot() {
        try (GuestVm m = GuestVm.with("reboot=guest")) {
            m.vm.reboot();
            assertTrue(m.isAll(0, RAM, MemoryKind.SHARED));
            m.run(cpu -> assertTrue(m.isAll(0, RAM, MemoryKind.PRIVATE)));
            assertEquals(1, m.exits("hypercall"));
            assertEquals(1, m.vm.stats().conversions().explicit());
            m.run(cpu -> mapGpaRange(cpu, 0, PAGE, 0));
            m.run(cpu -> assertEquals(MemoryKind.SHARED, m.kind(0)));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"in-place", "split"})
    @DisplayName("reboot=engine: everything is private when the call returns; a held page refuses it")
    void shouldResetByTheEngine(String backing) {
        try (GuestVm m = GuestVm.with("reboot=engine", "backing=" + backing)) {
            GuestMemoryStore unbound = m.vm.createStore(PAGE, Set.of(StoreFlag.INIT_SHARED));
            try (Pin pin = m.mapping.pin(PAGE, PAGE, "vfio")) {
                if (backing.equals("in-place")) {
                    assertEquals(Errno.EAGAIN, refused(m.vm::reboot), pin.holder());
                    assertTrue(m.isAll(0, RAM, MemoryKind.SHARED));
                }
            }
            m.vm.reboot();
            assertTrue(m.isAll(0, RAM, MemoryKind.PRIVATE));
            assertEquals(MemoryKind.PRIVATE, unbound.kind(0));
            assertEquals(0, m.exits("hypercall"));
        }
    }

    @Test
    @DisplayName("a reboot forgets what is pending, and is refused while a vCPU runs")
    void shouldForgetPendingRequestsAtAReboot() {
        try (GuestVm m = GuestVm.exitingBy("unshare", "convert=vcpu-2b", "reboot=guest");
                Pin pin = m.mapping.pin(PAGE, PAGE, "vfio")) {
            m.run(cpu -> {
                mapGpaRange(cpu, PAGE, PAGE, ENCRYPTED);
                assertEquals(Errno.EBUSY, refused(m.vm::reboot));
            }, exit -> answer(exit, 0));
            assertEquals(1, m.vm.stats().conversions().pending());
            m.vm.reboot();
            assertEquals(0, m.vm.stats().conversions().pending());
            assertEquals("vfio", pin.holder());
            assertEquals(ExitReason.UNSHARE, m.run(cpu -> cpu.loadLong(0), exit -> ExitAction.STOP).reason());
        }
    }
}
