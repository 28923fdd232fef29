package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.GuestVm.ENCRYPTED;
import static org.enclosure.core.kvm.GuestVm.PAGE;
import static org.enclosure.core.kvm.GuestVm.answer;
import static org.enclosure.core.kvm.GuestVm.mapGpaRange;
import static org.enclosure.core.kvm.GuestVm.recording;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.Obstacle;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.host.IommuModel;
import org.enclosure.api.host.Pin;
import org.enclosure.api.policy.ConversionDecision;
import org.enclosure.api.policy.ConversionRequest;
import org.enclosure.api.policy.Participant;
import org.enclosure.api.slot.Memslot;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Conversions when a vCPU enters again: the flows of the KVM list's discussion of May 2025.
@Timeout(120)
class UnshareTest {
    private static final String[] AT_ENTRY = {"convert=vcpu-1", "convert=vcpu-2a", "convert=vcpu-2b",
            "convert=pending"};

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"unshare,vcpu-1", "unshare,vcpu-2a", "unshare,vcpu-2b", "unshare,pending", "hypercall,vcpu-1",
            "memory-fault,vcpu-1"})
    @DisplayName("case 1: the VMM lets go in the exit, and entry makes the pages private")
    void shouldConvertAtEntryWhenTheVmmHasLetGo(String exit, String convert) {
        List<String> exits = new ArrayList<>();
        try (GuestVm m = GuestVm.exitingBy(exit, "convert=" + convert)) {
            Pin pin = m.mapping.pin(2 * PAGE, PAGE, "vhost");
            VmExit end = m.run(cpu -> {
                cpu.storeLong(2 * PAGE, 7);
                assertEquals(0, mapGpaRange(cpu, PAGE, 4 * PAGE, ENCRYPTED));
                assertEquals(7, cpu.loadLong(2 * PAGE), "the bytes are kept");
            }, recording(exits, seen -> {
                pin.close();
                return answer(seen, 0);
            }));
            assertEquals(ExitReason.HALTED, end.reason());
            String reason = exit.toUpperCase(java.util.Locale.ROOT).replace('-', '_');
            assertEquals(List.of(reason + " 1+4 private NONE"), exits);
            assertTrue(m.isAll(PAGE, 4 * PAGE, MemoryKind.PRIVATE));
            assertEquals(1, m.vm.stats().conversions().explicit());
            assertEquals(0, m.vm.stats().conversions().pending());
        }
    }

    @Test
    @DisplayName("convert=store: an answer of 0 says that the VMM has converted; entry does nothing")
    void shouldLeaveTheConversionToTheVmmWithoutAnEntryFlow() {
        try (GuestVm m = GuestVm.with("convert=store")) {
            m.run(cpu -> assertEquals(0, mapGpaRange(cpu, PAGE, PAGE, ENCRYPTED)), exit -> answer(exit, 0));
            assertEquals(MemoryKind.SHARED, m.kind(PAGE), "the VMM said 0 and did nothing");
        }
        try (GuestVm m = GuestVm.with("convert=vcpu-1")) {
            m.run(cpu -> assertEquals(0, mapGpaRange(cpu, PAGE, PAGE, ENCRYPTED)), exit -> answer(exit, 0));
            assertEquals(MemoryKind.PRIVATE, m.kind(PAGE));
            m.run(cpu -> assertEquals(0, mapGpaRange(cpu, PAGE, PAGE, 0)), exit -> answer(exit, 0));
            assertEquals(MemoryKind.SHARED, m.kind(PAGE), "both directions");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vcpu-1", "vcpu-2a", "vcpu-2b", "pending"})
    @DisplayName("an exit that is answered with an error: the guest is told, nothing is tried")
    void shouldTellTheGuestWhatTheVmmRefuses(String convert) {
        try (GuestVm m = GuestVm.exitingBy("unshare", "convert=" + convert)) {
            m.run(cpu -> {
                assertEquals(-22, mapGpaRange(cpu, PAGE, PAGE, ENCRYPTED));
                cpu.storeLong(PAGE, 1);
            }, exit -> answer(exit, -22));
            assertEquals(MemoryKind.SHARED, m.kind(PAGE));
            assertEquals(0, m.vm.stats().conversions().pending());
        }
    }

    @Test
    @DisplayName("convert=vcpu-1: a page that is still held is told to the guest, which asks again")
    void shouldTellTheGuestToTryAgain() {
        List<String> exits = new ArrayList<>();
        try (GuestVm m = GuestVm.exitingBy("unshare", "convert=vcpu-1");
                Pin pin = m.mapping.pin(PAGE, PAGE, "vfio")) {
            m.run(cpu -> {
                assertEquals(-11, mapGpaRange(cpu, 0, 2 * PAGE, ENCRYPTED));
                cpu.storeLong(PAGE, 3);
                assertEquals(3, pin.loadLong(0), "still shared, and still the guest's too");
            }, recording(exits, exit -> answer(exit, 0)));
            assertEquals(List.of("UNSHARE 0+2 private NONE"), exits);
            assertTrue(m.isAll(0, 2 * PAGE, MemoryKind.SHARED));
        }
    }

    @ParameterizedTest(name = "{0} then {1}")
    @CsvSource({"unshare,UNSHARE,UNSHARE", "hypercall,HYPERCALL,MEMORY_FAULT",
            "memory-fault,MEMORY_FAULT,MEMORY_FAULT"})
    @DisplayName("convert=vcpu-2a, case 2 alternative 1: exits again at once, with cause, offset and holders")
    void shouldExitAgainAtOnce(String style, String first, String again) {
        List<String> exits = new ArrayList<>();
        try (GuestVm m = GuestVm.exitingBy(style, "convert=vcpu-2a")) {
            Pin vfio = m.mapping.pin(3 * PAGE, PAGE, "vfio");
            Pin vhost = m.mapping.pin(3 * PAGE, 2 * PAGE, "vhost");
            m.run(cpu -> assertEquals(0, mapGpaRange(cpu, PAGE, 4 * PAGE, ENCRYPTED)), recording(exits, exit -> {
                if (exits.size() == 2) {
                    assertEquals(Errno.EAGAIN, exit.errno());
                    vfio.close();
                }
                if (exits.size() == 3) {
                    vhost.close();
                }
                return answer(exit, 0);
            }));
            assertEquals(List.of(first + " 1+4 private NONE", again + " 1+4 private PINNED 2[vfio, vhost]",
                    again + " 1+4 private PINNED 2[vhost]"), exits);
            assertTrue(m.isAll(PAGE, 4 * PAGE, MemoryKind.PRIVATE));
        }
    }

    @Test
    @DisplayName("convert=vcpu-2a: the VMM can refuse or stop at the second exit")
    void shouldLetTheVmmGiveUpAtTheSecondExit() {
        try (GuestVm m = GuestVm.exitingBy("unshare", "convert=vcpu-2a");
                Pin pin = m.mapping.pin(PAGE, PAGE, "vfio")) {
            m.run(cpu -> assertEquals(-22, mapGpaRange(cpu, PAGE, PAGE, ENCRYPTED)),
                    exit -> answer(exit, exit.obstacle() == Obstacle.PINNED ? -22 : 0));
            VmExit end = m.run(cpu -> mapGpaRange(cpu, PAGE, PAGE, ENCRYPTED),
                    exit -> exit.obstacle() == Obstacle.PINNED ? ExitAction.STOP : ExitAction.RESUME);
            assertEquals("UNSHARE 1+1 private PINNED 0[vfio]", GuestVm.describe(end));
            assertEquals(MemoryKind.SHARED, m.kind(PAGE));
            assertEquals("vfio", pin.holder());
        }
    }

    @Test
    @DisplayName("convert=vcpu-2a: a kick ends the waiting")
    void shouldLeaveTheLoopWhenKicked() throws Exception {
        try (GuestVm m = GuestVm.exitingBy("unshare", "convert=vcpu-2a");
                Pin pin = m.mapping.pin(PAGE, PAGE, "vfio")) {
            CompletableFuture<Boolean> waits = new CompletableFuture<>();
            CompletableFuture<VmExit> end = GuestVm.start(m.vcpu, cpu -> mapGpaRange(cpu, PAGE, PAGE, ENCRYPTED),
                    exit -> {
                        if (exit.obstacle() == Obstacle.PINNED) {
                            waits.complete(true);
                        }
                        return ExitAction.RESUME;
                    });
            waits.get(60, TimeUnit.SECONDS);
            m.vcpu.kick();
            assertEquals(ExitReason.INTERRUPTED, end.get(60, TimeUnit.SECONDS).reason());
            assertEquals("vfio", pin.holder());
        }
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({"unshare,UNSHARE", "hypercall,MEMORY_FAULT"})
    @DisplayName("convert=vcpu-2b, case 2 alternative 2: the guest runs on until it touches the page")
    void shouldExitWhenTheGuestTouchesWhatIsHeld(String style, String reason) {
        List<String> exits = new ArrayList<>();
        try (GuestVm m = GuestVm.exitingBy(style, "convert=vcpu-2b")) {
            Pin pin = m.mapping.pin(3 * PAGE, PAGE, "vfio");
            m.run(cpu -> {
                cpu.storeLong(3 * PAGE, 30);
                cpu.storeLong(4 * PAGE, 40);
                assertEquals(0, mapGpaRange(cpu, PAGE, 4 * PAGE, ENCRYPTED));
                exits.add("pending " + m.vm.stats().conversions().pending());
                assertTrue(m.isAll(PAGE, 4 * PAGE, MemoryKind.SHARED), "nothing is private yet");
                pin.storeLong(8, 5);
                assertEquals(40, cpu.loadLong(4 * PAGE), "a free page of the range");
                exits.add("pending " + m.vm.stats().conversions().pending());
                assertEquals(30, cpu.loadLong(3 * PAGE));
                assertEquals(5, cpu.loadLong(3 * PAGE + 8), "the holder wrote before it let go");
            }, recording(exits, exit -> {
                if (exits.getLast().contains("2[") || exits.getLast().contains(" 3+1 ")) {
                    pin.close();
                }
                return answer(exit, 0);
            }));
            String first = style.equals("unshare") ? "UNSHARE" : "HYPERCALL";
            assertEquals(List.of(first + " 1+4 private NONE", "pending 4", "pending 3",
                    reason + " 3+1 private PINNED 0[vfio]"), exits);
            assertTrue(m.isAll(PAGE, 4 * PAGE, MemoryKind.PRIVATE), "the free stretch around what was touched");
            assertEquals(0, m.vm.stats().conversions().pending());
        }
    }

    @Test
    @DisplayName("convert=vcpu-2b: every vCPU is kept from a pending page")
    void shouldKeepAllVcpusFromAPendingPage() {
        try (GuestVm m = GuestVm.exitingBy("unshare", "convert=vcpu-2b");
                Pin pin = m.mapping.pin(PAGE, PAGE, "vfio");
                var second = m.vm.createVcpu(1)) {
            second.run(cpu -> cpu.storeLong(PAGE, 1), exit -> ExitAction.STOP);
            m.run(cpu -> assertEquals(0, mapGpaRange(cpu, PAGE, PAGE, ENCRYPTED)), exit -> answer(exit, 0));
            VmExit end = second.run(cpu -> cpu.loadLong(PAGE), exit -> ExitAction.STOP);
            assertEquals("UNSHARE 1+1 private PINNED 0[vfio]", GuestVm.describe(end));
            assertEquals(1, pin.loadLong(0), "the host keeps what it holds");
        }
    }

    @Test
    @DisplayName("convert=vcpu-2b: sharing the page again forgets the pending request")
    void shouldForgetWhenTheGuestSharesAgain() {
        try (GuestVm m = GuestVm.exitingBy("unshare", "convert=vcpu-2b");
                Pin pin = m.mapping.pin(PAGE, PAGE, "vfio")) {
            m.run(cpu -> {
                assertEquals(0, mapGpaRange(cpu, 0, 4 * PAGE, ENCRYPTED));
                assertEquals(0, mapGpaRange(cpu, PAGE, PAGE, 0));
                assertEquals(3, m.vm.stats().conversions().pending());
                cpu.storeLong(PAGE, 9);
                assertEquals(9, pin.loadLong(0));
            }, exit -> answer(exit, 0));
            m.vm.slots().delete(0);
            assertEquals(0, m.vm.stats().conversions().pending(), "a slot that goes forgets the rest");
            m.vm.slots().create(Memslot.ofStore(0, 0, GuestVm.RAM, m.store, 0));
            assertEquals(9, pin.loadLong(0));
            m.run(cpu -> cpu.storeLong(2 * PAGE, 9));
            assertEquals(MemoryKind.SHARED, m.kind(2 * PAGE));
        }
    }

    @Test
    @DisplayName("convert=pending: each page becomes private when its last reference goes, and no new one is given out")
    void shouldCompleteAtTheLastUnpin() {
        List<String> exits = new ArrayList<>();
        try (GuestVm m = GuestVm.exitingBy("unshare", "convert=pending")) {
            Pin low = m.mapping.pin(PAGE, 2 * PAGE, "low");
            Pin high = m.mapping.pin(2 * PAGE, 2 * PAGE, "high");
            m.run(cpu -> assertEquals(0, mapGpaRange(cpu, 0, 6 * PAGE, ENCRYPTED)),
                    recording(exits, exit -> answer(exit, 0)));
            assertEquals("PSSSPP", kinds(m, 6), "free pages are private at once");
            assertEquals(3, m.vm.stats().conversions().pending());
            GuestMemoryException late = assertThrows(GuestMemoryException.class,
                    () -> m.mapping.pin(3 * PAGE, PAGE, "late"));
            assertEquals(Errno.EFAULT, late.errno());
            low.storeLong(0, 4);
            low.close();
            assertEquals("PPSSPP", kinds(m, 6), "page 2 has another reference");
            high.close();
            assertEquals("PPPPPP", kinds(m, 6));
            assertEquals(0, m.vm.stats().conversions().pending());
            assertThrows(HostAccessException.class, () -> m.mapping.loadLong(PAGE));
            m.run(cpu -> assertEquals(4, cpu.loadLong(PAGE)), recording(exits, exit -> ExitAction.STOP));
            assertEquals(List.of("UNSHARE 0+6 private NONE"), exits, "no exit was needed");
        }
    }

    @Test
    @DisplayName("convert=pending: a vCPU that touches a held page exits, and goes on after the last reference")
    void shouldExitForAPendingPageThatIsHeld() {
        try (GuestVm m = GuestVm.exitingBy("unshare", "convert=pending")) {
            Pin pin = m.mapping.pin(PAGE, PAGE, "vfio");
            List<String> exits = new ArrayList<>();
            m.run(cpu -> {
                mapGpaRange(cpu, PAGE, PAGE, ENCRYPTED);
                cpu.storeLong(PAGE, 6);
                assertEquals(6, cpu.loadLong(PAGE));
            }, recording(exits, exit -> {
                if (exit.obstacle() == Obstacle.PINNED) {
                    pin.close();
                }
                return ExitAction.RESUME;
            }));
            assertEquals(List.of("UNSHARE 1+1 private NONE", "UNSHARE 1+1 private PINNED 0[vfio]"), exits);
            assertEquals(MemoryKind.PRIVATE, m.kind(PAGE));
        }
    }

    private static String kinds(GuestVm m, int pages) {
        StringBuilder text = new StringBuilder();
        for (int page = 0; page < pages; page++) {
            text.append(m.kind(page * PAGE).isPrivate() ? 'P' : 'S');
        }
        return text.toString();
    }

    @ParameterizedTest
    @ValueSource(strings = {"late", "early"})
    @DisplayName("unmap=early takes the page from host and guest before the exit, unmap=late does not")
    void shouldUnmapBeforeTheExitOrInTheConversion(String unmap) {
        try (GuestVm m = GuestVm.exitingBy("unshare", "unmap=" + unmap)) {
            m.mapping.storeLong(PAGE, 1);
            long[] shootdowns = new long[2];
            m.run(cpu -> {
                cpu.loadLong(PAGE);
                shootdowns[0] = m.vm.stats().shootdowns();
                long fixed = m.faults("fixed");
                assertEquals(-22, mapGpaRange(cpu, PAGE, PAGE, ENCRYPTED));
                assertEquals(1, cpu.loadLong(PAGE), "still shared: a touch brings it back");
                assertEquals(unmap.equals("early") ? fixed + 1 : fixed, m.faults("fixed"));
            }, exit -> {
                shootdowns[1] = m.vm.stats().shootdowns();
                m.mapping.storeLong(PAGE, 1); // legal: nothing has changed its kind
                return answer(exit, -22);
            });
            assertEquals(unmap.equals("early") ? 1 : 0, shootdowns[1] - shootdowns[0]);
            assertEquals(1, m.mapping.loadLong(PAGE));
        }
    }

    @Test
    @DisplayName("a veto of a participant holds a page as a pin does")
    void shouldTreatAVetoAsAHolder() {
        boolean[] veto = {true};
        Participant iommu = new Participant() {
            @Override
            public String name() {
                return "iommu";
            }

            @Override
            public boolean prepare(ConversionRequest request) {
                return !veto[0];
            }

            @Override
            public void commit(ConversionRequest request) {
                // Nothing to do.
            }

            @Override
            public void abort(ConversionRequest request) {
                // Nothing to do.
            }
        };
        for (String convert : List.of("vcpu-2a", "vcpu-2b", "pending")) {
            veto[0] = true;
            List<String> exits = new ArrayList<>();
            try (GuestVm m = GuestVm.with(options -> options.with("exit", "unshare").with(iommu),
                    "convert=" + convert)) {
                m.run(cpu -> {
                    mapGpaRange(cpu, PAGE, PAGE, ENCRYPTED);
                    cpu.storeLong(PAGE, 6);
                }, recording(exits, exit -> {
                    veto[0] = exit.obstacle() != Obstacle.PINNED;
                    return ExitAction.RESUME;
                }));
                assertEquals(List.of("UNSHARE 1+1 private NONE", "UNSHARE 1+1 private PINNED 0[iommu]"), exits,
                        convert);
                assertEquals(MemoryKind.PRIVATE, m.kind(PAGE));
            }
        }
    }

    @Test
    @DisplayName("the policy decides what the VMM leaves open; BUSY is no holder")
    void shouldAskThePolicyWhenTheExitIsNotAnswered() {
        for (String convert : AT_ENTRY) {
            try (GuestVm m = GuestVm.with(options -> options.with("exit", "unshare")
                    .with(request -> request.gpa() == PAGE ? ConversionDecision.BUSY : ConversionDecision.deny("no")),
                    convert)) {
                m.run(cpu -> {
                    assertEquals(-11, mapGpaRange(cpu, PAGE, PAGE, ENCRYPTED));
                    assertEquals(-22, mapGpaRange(cpu, 2 * PAGE, PAGE, ENCRYPTED));
                });
                assertEquals(0, m.vm.stats().conversions().pending());
                assertEquals(MemoryKind.SHARED, m.kind(PAGE));
            }
        }
    }

    @Test
    @DisplayName("there is no call on the store where entry converts")
    void shouldHaveNoCallOnTheStore() {
        for (String convert : AT_ENTRY) {
            try (GuestVm m = GuestVm.with(convert)) {
                assertEquals(Errno.ENOTTY, assertThrows(GuestMemoryException.class,
                        () -> m.store.convert(0, PAGE, MemoryKind.PRIVATE)).errno());
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"core-owned", "backend-owned", "backend-both"})
    @DisplayName("convert=vcpu-2b keeps the guest out whoever owns the tables")
    void shouldKeepTheGuestOutWhoeverOwnsTheTables(String type) {
        try (GuestVm m = GuestVm.ofTest(type, "convert=vcpu-2b", "trigger=explicit")) {
            HostMapping mapping = m.mapping;
            Pin pin = mapping.pin(PAGE, PAGE, "vfio");
            List<String> exits = new ArrayList<>();
            m.run(cpu -> {
                cpu.storeLong(cpu.address(PAGE, false), 8);
                cpu.onEvent((inner, event, gpa) -> {
                    inner.accept(gpa, PAGE);
                    return true;
                });
                cpu.unshare(PAGE, PAGE);
                cpu.storeLong(cpu.address(PAGE, true), 9);
                assertEquals(9, cpu.loadLong(cpu.address(PAGE, true)));
                assertFalse(exits.isEmpty(), "it had to exit");
            }, recording(exits, exit -> {
                if (exit.obstacle() == Obstacle.PINNED) {
                    pin.close();
                }
                return ExitAction.RESUME;
            }));
            assertTrue(exits.contains("MEMORY_FAULT 1+1 private PINNED 0[vfio]"), exits::toString);
            assertEquals(MemoryKind.PRIVATE, m.kind(PAGE));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"vcpu-2b", "pending"})
    @DisplayName("a participant's reference is given up when the last of the others is gone: at the touch, or by itself")
    void shouldNotWaitForAParticipantsReference(String convert) {
        try (IommuModel iommu = new IommuModel("vfio", 4);
                GuestVm m = GuestVm.with(options -> options.with("exit", "unshare").with(iommu),
                        "convert=" + convert)) {
            iommu.attach(m.mapping, m.store, 0);
            iommu.map(0, 8 * PAGE);
            Pin other = m.mapping.pin(4 * PAGE, PAGE, "vhost");
            m.run(cpu -> {
                assertEquals(0, mapGpaRange(cpu, 4 * PAGE, PAGE, ENCRYPTED));
                assertEquals(0, mapGpaRange(cpu, PAGE, PAGE, ENCRYPTED), "what is pending is no veto elsewhere");
                assertEquals(MemoryKind.PRIVATE, m.kind(PAGE));
                assertEquals(MemoryKind.SHARED, m.kind(4 * PAGE));
                other.close();
                if (convert.equals("pending")) {
                    assertEquals(MemoryKind.PRIVATE, m.kind(4 * PAGE));
                }
                cpu.storeLong(4 * PAGE, 1);
            }, exit -> answer(exit, 0));
            assertEquals(MemoryKind.PRIVATE, m.kind(4 * PAGE));
            assertEquals(0, m.vm.stats().conversions().pending());
            assertEquals(6 * PAGE, iommu.mappedBytes());
        }
    }
}
