package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.ConversionArea.ALLOCATE;
import static org.enclosure.core.kvm.ConversionArea.AREA;
import static org.enclosure.core.kvm.ConversionArea.BASE;
import static org.enclosure.core.kvm.ConversionArea.RANGES;
import static org.enclosure.core.kvm.ConversionArea.TO_SHARED;
import static org.enclosure.core.kvm.ConversionArea.ask;
import static org.enclosure.core.kvm.ConversionArea.assertRest;
import static org.enclosure.core.kvm.ConversionArea.name;
import static org.enclosure.core.kvm.ConversionArea.toPrivate;
import static org.enclosure.core.kvm.ConversionArea.toShared;
import static org.enclosure.core.kvm.GuestVm.PAGE;
import static org.enclosure.core.kvm.GuestVm.fill;
import static org.enclosure.core.kvm.GuestVm.holds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.vcpu.GuestCpu;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// KVM's private_mem_conversions_test, case by case; `in-place` is its later form (T-C14 for all of them).
class ConversionCasesTest {
    private static final String CASES = "{0} allocate={1}";

    private static int allocate(boolean allocates) {
        return allocates ? ALLOCATE : 0;
    }

    /// Runs one guest on vCPU 0 to its end.
    private static void run(ConversionArea area, org.enclosure.api.vcpu.GuestProgram guest) {
        VmExit end = area.vcpus.getFirst().run(guest, area::convert);
        assertEquals(ExitReason.HALTED, end.reason(), end::toString);
    }

    @ParameterizedTest(name = "T-C01 [{0}]")
    @ValueSource(strings = {"split", "in-place"})
    @DisplayName("T-C01 memory is shared by default")
    void shouldBeSharedByDefault(String backing) {
        try (ConversionArea area = new ConversionArea(backing)) {
            run(area, cpu -> startShared(area, cpu, BASE));
        }
    }

    /// T-C01: both sides agree; leaves 0xcc everywhere.
    private static void startShared(ConversionArea area, GuestCpu cpu, long start) {
        fill(cpu, start, AREA, 0xaa);
        assertTrue(holds(cpu, start, AREA, 0xaa));
        area.syncShared(start, AREA, 0xaa, 0xcc);
        assertTrue(holds(cpu, start, AREA, 0xcc));
    }

    @ParameterizedTest(name = "T-C02 [" + CASES + "]")
    @CsvSource({"split,false", "split,true", "in-place,false", "in-place,true"})
    @DisplayName("T-C02 a private write is invisible to the host, neighbours are untouched")
    void shouldHideAPrivatePage(String backing, boolean allocates) {
        try (ConversionArea area = new ConversionArea(backing)) {
            run(area, cpu -> {
                startShared(area, cpu, BASE);
                for (long[] range : RANGES) {
                    if (range[1] == PAGE) {
                        onePage(area, cpu, BASE, range[0], allocate(allocates));
                        restore(area, cpu, BASE, range, 0);
                    }
                }
            });
        }
    }

    private static void onePage(ConversionArea area, GuestCpu cpu, long start, long offset, int allocate) {
        long gpa = start + offset;
        fill(cpu, gpa, PAGE, 0x11);
        toPrivate(cpu, gpa, PAGE, allocate);
        fill(cpu, gpa, PAGE, 0x22);
        area.syncPrivate(gpa, PAGE, 0x11);
        assertTrue(holds(cpu, gpa, PAGE, 0x22));
        assertRest(cpu, start, offset, PAGE, 0xcc);
    }

    /// Back to shared with 0xcc.
    private static void restore(ConversionArea area, GuestCpu cpu, long start, long[] range, int allocate) {
        toShared(cpu, start + range[0], range[1], allocate);
        fill(cpu, start + range[0], range[1], 0xcc);
        assertEquals(MemoryKind.SHARED, area.vm.attributes().kind(start + range[0]));
    }

    @ParameterizedTest(name = "T-C03 [" + CASES + "]")
    @CsvSource({"split,false", "in-place,false", "in-place,true", "split,true"})
    @DisplayName("T-C03 holes in a private range: odd pages shared, even pages private")
    void shouldShareOddPagesOfAPrivateRange(String backing, boolean allocates) {
        try (ConversionArea area = new ConversionArea(backing)) {
            run(area, cpu -> {
                startShared(area, cpu, BASE);
                long pages = 16;
                fill(cpu, BASE, pages * PAGE, 0x11);
                toPrivate(cpu, BASE, pages * PAGE, allocate(allocates));
                fill(cpu, BASE, pages * PAGE, 0x22);
                for (long page = 0; page < pages; page++) {
                    long gpa = BASE + page * PAGE;
                    if (page % 2 == 0) {
                        area.syncPrivate(gpa, PAGE, 0x11);
                        continue;
                    }
                    toShared(cpu, gpa, PAGE, 0);
                    area.syncShared(gpa, PAGE, area.split ? 0x11 : 0x22, 0x33);
                    assertTrue(holds(cpu, gpa, PAGE, 0x33));
                }
                for (long page = 0; page < pages; page += 2) {
                    assertTrue(holds(cpu, BASE + page * PAGE, PAGE, 0x22), "page " + page);
                }
            });
        }
    }

    @ParameterizedTest(name = "T-C04 [" + CASES + "]")
    @CsvSource({"split,false", "split,true", "in-place,false", "in-place,true"})
    @DisplayName("T-C04 2M ranges, of which the first page alone is written")
    void shouldPopulateALargeRangeInPart(String backing, boolean allocates) {
        try (ConversionArea area = new ConversionArea(backing)) {
            run(area, cpu -> {
                startShared(area, cpu, BASE);
                for (long[] range : RANGES) {
                    largeRange(area, cpu, BASE, range, allocate(allocates));
                }
            });
        }
    }

    private static void largeRange(ConversionArea area, GuestCpu cpu, long start, long[] range, int allocate) {
        long gpa = start + range[0];
        fill(cpu, gpa, range[1], 0x11);
        toPrivate(cpu, gpa, range[1], allocate);
        fill(cpu, gpa, PAGE, 0x22);
        area.syncPrivate(gpa, range[1], 0x11);
        assertTrue(holds(cpu, gpa, PAGE, 0x22));
        assertRest(cpu, start, range[0], range[1], 0xcc);
        restore(area, cpu, start, range, allocate);
    }

    @ParameterizedTest(name = "T-C05 [" + CASES + "]")
    @CsvSource({"split,false", "split,true", "in-place,false", "in-place,true"})
    @DisplayName("T-C05 back to shared: what both sides see is the shared copy")
    void shouldAgreeAgainWhenBackToShared(String backing, boolean allocates) {
        try (ConversionArea area = new ConversionArea(backing)) {
            run(area, cpu -> {
                startShared(area, cpu, BASE);
                for (long[] range : RANGES) {
                    backToShared(area, cpu, BASE, range, allocate(allocates));
                }
            });
        }
    }

    private static void backToShared(ConversionArea area, GuestCpu cpu, long start, long[] range, int allocate) {
        long gpa = start + range[0];
        toPrivate(cpu, gpa, range[1], allocate);
        fill(cpu, gpa, PAGE, 0x22);
        toShared(cpu, gpa, range[1], allocate);
        fill(cpu, gpa, range[1], 0x33);
        area.syncShared(gpa, range[1], 0x33, 0x44);
        assertTrue(holds(cpu, gpa, range[1], 0x44), name(range));
        fill(cpu, gpa, range[1], 0xcc);
    }

    @ParameterizedTest(name = "T-C06 [{0}]")
    @ValueSource(strings = {"split", "in-place"})
    @DisplayName("T-C06 to shared with a hole over the whole area: the store is empty again")
    void shouldLeaveTheStoreEmpty(String backing) {
        try (ConversionArea area = new ConversionArea(backing)) {
            run(area, cpu -> {
                toPrivate(cpu, BASE, AREA, ALLOCATE);
                assertEquals(AREA, area.store.allocatedBytes());
                toShared(cpu, BASE, AREA, ALLOCATE);
            });
            assertEquals(0, area.store.allocatedBytes());
            assertTrue(area.vm.attributes().isUniform(BASE, AREA, MemoryKind.SHARED));
        }
    }

    /// T-C01 to T-C06 in one run of one vCPU.
    private static void all(ConversionArea area, GuestCpu cpu, long start, int allocate) {
        startShared(area, cpu, start);
        for (long[] range : RANGES) {
            if (range[1] == PAGE) {
                onePage(area, cpu, start, range[0], allocate);
                restore(area, cpu, start, range, allocate);
            }
            largeRange(area, cpu, start, range, allocate);
            backToShared(area, cpu, start, range, allocate);
        }
        toShared(cpu, start, AREA, ALLOCATE);
    }

    @ParameterizedTest(name = "T-C07 [{0}]")
    @ValueSource(strings = {"split", "in-place"})
    @DisplayName("T-C07 without and with allocation on conversion: the same result")
    void shouldNotDependOnAllocation(String backing) {
        try (ConversionArea area = new ConversionArea(backing)) {
            run(area, cpu -> {
                all(area, cpu, BASE, 0);
                all(area, cpu, BASE, ALLOCATE);
            });
            assertEquals(0, area.store.allocatedBytes());
        }
    }

    @ParameterizedTest(name = "T-C10 [{0}]")
    @ValueSource(strings = {"split", "in-place"})
    @DisplayName("T-C10 punch, imprecise: the whole area is filled; the hole reads 0, no exit, still private")
    void shouldReadZeroInAHoleOfAFilledArea(String backing) {
        punches(backing, false);
    }

    @ParameterizedTest(name = "T-C11 [{0}]")
    @ValueSource(strings = {"split", "in-place"})
    @DisplayName("T-C11 punch, precise: the range alone is filled before")
    void shouldReadZeroInAHoleOfAFilledRange(String backing) {
        punches(backing, true);
    }

    private static void punches(String backing, boolean precise) {
        try (ConversionArea area = new ConversionArea(backing)) {
            List<ExitReason> others = new ArrayList<>();
            VmExit end = area.vcpus.getFirst().run(cpu -> {
                toPrivate(cpu, BASE, AREA, 0);
                for (long[] range : RANGES) {
                    long gpa = BASE + range[0];
                    fill(cpu, precise ? gpa : BASE, precise ? range[1] : AREA, 0xcc);
                    ask(cpu, gpa, range[1], TO_SHARED | ALLOCATE);
                    assertTrue(holds(cpu, gpa, range[1], 0), name(range));
                    if (!precise) {
                        assertRest(cpu, BASE, range[0], range[1], 0xcc);
                    }
                    assertTrue(area.vm.attributes().isUniform(BASE, AREA, MemoryKind.PRIVATE));
                }
            }, exit -> {
                if (exit.reason() != ExitReason.HYPERCALL) {
                    others.add(exit.reason());
                }
                return area.convert(exit);
            });
            assertEquals(ExitReason.HALTED, end.reason());
            assertEquals(List.of(), others, "no exit but the hypercalls");
        }
    }

    @ParameterizedTest(name = "T-C12 [{0}]")
    @ValueSource(strings = {"split", "in-place"})
    @DisplayName("T-C12 after the VM is closed its store can be punched, allocated and closed")
    void shouldOutliveItsVm(String backing) {
        ConversionArea area = new ConversionArea(backing);
        run(area, cpu -> {
            toPrivate(cpu, BASE, AREA, ALLOCATE);
            fill(cpu, BASE, AREA, 0x11);
        });
        area.vcpus.getFirst().close();
        area.vm.close();
        area.store.punchHole(0, AREA);
        assertEquals(0, area.store.allocatedBytes());
        area.store.allocate(0, AREA);
        assertEquals(AREA, area.store.allocatedBytes());
        area.store.close();
        area.system.close();
    }

    @ParameterizedTest(name = "T-C13 [{0}, {1} vCPUs, {2} slots, {3}]")
    @CsvSource({"split,3,1,2m", "split,2,2,4k", "split,4,4,2m", "in-place,3,1,4k", "in-place,2,2,2m",
            "in-place,4,4,2m"})
    @DisplayName("T-C13 several vCPUs and slots at once, each on its own area")
    void shouldConvertOnManyVcpusAtOnce(String backing, int vcpus, int slots, String page) throws Exception {
        try (ConversionArea area = new ConversionArea(backing, vcpus, slots, page)) {
            List<CompletableFuture<VmExit>> ends = new ArrayList<>();
            for (int i = 0; i < vcpus; i++) {
                long start = area.start(i);
                ends.add(GuestVm.start(area.vcpus.get(i), cpu -> {
                    all(area, cpu, start, 0);
                    all(area, cpu, start, ALLOCATE);
                }, area::convert));
            }
            for (CompletableFuture<VmExit> end : ends) {
                assertEquals(ExitReason.HALTED, end.get(120, TimeUnit.SECONDS).reason());
            }
            assertEquals(0, area.store.allocatedBytes());
        }
    }

    @Test
    @DisplayName("T-C14 in place: a store with MMAP and INIT_SHARED, converted by its own call; SIGBUS instead of old bytes")
    void shouldConvertByTheStoresOwnCall() {
        try (ConversionArea area = new ConversionArea("in-place")) {
            run(area, cpu -> {
                startShared(area, cpu, BASE);
                toPrivate(cpu, BASE, AREA, 0);
                area.syncPrivate(BASE, AREA, 0);
                fill(cpu, BASE, AREA, 0x55);
                area.store.punchHole(0, AREA);
                assertEquals(MemoryKind.PRIVATE, area.store.kind(0), "a hole changes no kind");
                area.store.convert(0, AREA, MemoryKind.SHARED);
                area.syncShared(BASE, AREA, 0, 0x66);
                assertTrue(holds(cpu, BASE, AREA, 0x66));
            });
        }
    }
}
