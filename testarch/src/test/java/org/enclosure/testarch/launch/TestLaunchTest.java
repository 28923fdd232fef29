package org.enclosure.testarch.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;

import org.enclosure.api.Access;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmType;
import org.enclosure.testarch.Bare;
import org.enclosure.testarch.host.TestTypes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestLaunchTest {
    private static final Map<String, String> AT_1M = Map.of("gpa", "0x100000");

    private final Bare bare = new Bare();
    private final LaunchPlanner planner = bare.platform.launchPlanner();
    private final TableWork work = bare.work(TableWork.FAULT, Bare.PRIVATE);

    @Test
    void shouldPlanOneItemPerPageInTheOrderOfAddresses() {
        List<LaunchItem> items = planner.plan(image(3), AT_1M);
        assertEquals(List.of(0x100L, 0x101L, 0x102L), items.stream().map(LaunchItem::gfn).toList());
        assertEquals(items, planner.plan(image(3), Map.of("gpa", "1048576", "locked", "no")));
        assertNotEquals(items, planner.plan(image(3), Map.of("gpa", "1048576", "locked", "yes")));
    }

    @Test
    void shouldMeasureWhatTheSessionLoads() {
        MemorySegment image = image(3);
        List<LaunchItem> items = planner.plan(image, AT_1M);
        LaunchResult measured = planner.measure(items, image, AT_1M);
        assertTrue(measured.architectural());
        long pfn = 0;
        for (VmType type : TestTypes.ALL) {
            for (boolean inPlace : new boolean[] {false, true}) {
                assertEquals(measured, launch(bare.vm(type), items, image, pfn += 8, inPlace));
            }
        }
    }

    @Test
    void shouldMeasureContentAddressFlagsAndOrder() {
        MemorySegment image = image(2);
        List<LaunchItem> items = planner.plan(image, AT_1M);
        String digest = planner.measure(items, image, AT_1M).digest();
        assertNotEquals(digest, planner.measure(items.reversed(), image, AT_1M).digest());
        assertNotEquals(digest, planner.measure(planner.plan(image, Map.of("gpa", "0")), image, AT_1M).digest());
        assertNotEquals(digest, planner
                .measure(planner.plan(image, Map.of("gpa", "0x100000", "locked", "yes")), image, AT_1M).digest());
        image.set(ValueLayout.JAVA_BYTE, 5000, (byte) 1);
        assertNotEquals(digest, planner.measure(items, image, AT_1M).digest());
    }

    @Test
    void shouldMakeLoadedPagesUsableAtOnce() {
        LaunchItem item = planner.plan(image(1), AT_1M).getFirst();
        VmBackend core = bare.vm(TestTypes.CORE_OWNED);
        core.launch(AT_1M).page(item, 20, 21, work);
        long leaf = Leaf.of(20, 1, Leaf.ALL);
        FaultDetail detail = new FaultDetail();
        assertEquals(leaf,
                core.createVcpu(new VcpuContext(0, bare.frames(0))).admit(0x100, leaf, Bare.PRIVATE, detail));
        assertEquals(Status.SPURIOUS, core.table().map(0x100, 20, 1, work), "the first fault finds it");
        VmBackend backend = bare.vm(TestTypes.BACKEND_OWNED);
        backend.launch(AT_1M).page(item, 22, 21, work);
        assertEquals(Leaf.of(22, 1, Leaf.ALL),
                backend.createVcpu(new VcpuContext(0, bare.frames(0))).admit(0x100, Leaf.NONE, Bare.PRIVATE, detail));
        assertEquals(Status.OK, bare.platform.hostAccess(21, Access.WRITE, detail), "the source stays the host's");
    }

    @Test
    void shouldLoadZeroesWhereTheImageHasNothing() {
        LaunchItem zero = new LaunchItem(LaunchItem.Kind.PAGE, 1, 1, -1, 0, 0);
        for (VmType type : TestTypes.ALL) {
            long pfn = 40L + TestTypes.ALL.indexOf(type);
            bare.memory.putLong(pfn << 12, 77);
            LaunchSession session = bare.vm(type).launch(AT_1M);
            assertEquals(Status.OK, session.page(zero, pfn, -1, work));
            assertTrue(bare.memory.isZero(pfn << 12, 4096));
            assertEquals(planner.measure(List.of(zero), image(1), AT_1M), session.finish(work));
        }
    }

    @Test
    void shouldChangeAndMeasureNothingWhenAPageIsRefused() {
        LaunchItem item = planner.plan(image(1), AT_1M).getFirst();
        bare.vm(TestTypes.CORE_OWNED).table().map(0, 20, 1, work);
        bare.memory.putLong(20 << 12, 77);
        for (VmType type : TestTypes.ALL) {
            LaunchSession session = bare.vm(type).launch(AT_1M);
            assertEquals(Status.DENIED, Status.kind(session.page(item, 20, 21, work)));
            assertEquals(77, bare.memory.getLong(20 << 12));
            assertEquals(Status.OK, session.page(item, 24L + TestTypes.ALL.indexOf(type), 21, work));
            assertEquals(Status.DENIED, Status.kind(session.page(item, 24L + TestTypes.ALL.indexOf(type), 21, work)),
                    "twice");
            assertEquals(1, session.finish(work).transcript().size());
        }
    }

    @Test
    void shouldBeLaunchedOnceAndFinishedOnce() {
        VmBackend vm = bare.vm(TestTypes.CORE_OWNED);
        LaunchSession session = vm.launch(AT_1M);
        assertThrows(IllegalStateException.class, () -> vm.launch(AT_1M));
        session.finish(work);
        assertThrows(IllegalStateException.class, () -> session.finish(work));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "0x", "1", "0x1001", "-4096", "0x800000000000", "99999999999999999999",
            "0x7ffffffff000"})
    void shouldRefuseAGpaThatCannotBe(String gpa) {
        String message = String.valueOf(
                assertThrows(IllegalArgumentException.class, () -> planner.plan(image(2), Map.of("gpa", gpa)))
                        .getMessage());
        assertTrue(message.contains("gpa"), message);
    }

    @Test
    void shouldRefuseOtherBadOptionsAndImages() {
        assertThrows(IllegalArgumentException.class, () -> planner.plan(image(1), Map.of()));
        assertThrows(IllegalArgumentException.class, () -> planner.plan(image(1), Map.of("gpa", "0", "size", "1")));
        assertThrows(IllegalArgumentException.class,
                () -> planner.plan(image(1), Map.of("gpa", "0", "locked", "maybe")));
        assertThrows(IllegalArgumentException.class, () -> planner.plan(image(0), AT_1M));
        assertThrows(IllegalArgumentException.class, () -> planner.plan(MemorySegment.ofArray(new byte[4097]), AT_1M));
    }

    private LaunchResult launch(VmBackend vm, List<LaunchItem> items, MemorySegment image, long firstPfn,
            boolean inPlace) {
        LaunchSession session = vm.launch(AT_1M);
        TableWork fresh = bare.work(TableWork.FAULT, Bare.PRIVATE);
        for (LaunchItem item : items) {
            long pfn = firstPfn + item.gfn() - 0x100;
            long source = inPlace ? pfn : pfn + 512;
            for (long i = 0; i < 4096; i++) {
                bare.memory.putByte((source << 12) + i, image.get(ValueLayout.JAVA_BYTE, item.imageOffset() + i));
            }
            assertEquals(Status.OK, session.page(item, pfn, source, fresh));
        }
        return session.finish(fresh);
    }

    private static MemorySegment image(int pages) {
        byte[] bytes = new byte[pages * 4096];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 12));
        }
        return MemorySegment.ofArray(bytes);
    }
}
