package org.enclosure.software;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import org.enclosure.api.Access;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchSession;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SoftwareLaunchTest {
    private static final Map<String, String> AT_1M = Map.of("gpa", "0x100000");

    private final Bare bare = new Bare();
    private final LaunchPlanner planner = bare.platform.launchPlanner();
    private final TableWork work = Bare.work(TableWork.FAULT, Access.WRITE);

    @Test
    void shouldPlanOneItemPerPageInTheOrderOfAddresses() {
        List<LaunchItem> items = planner.plan(image(3), AT_1M);
        assertEquals(List.of(0x100L, 0x101L, 0x102L), items.stream().map(LaunchItem::gfn).toList());
        assertEquals(List.of(0L, 4096L, 8192L), items.stream().map(LaunchItem::imageOffset).toList());
        assertEquals(items, planner.plan(image(3), Map.of("gpa", "1048576")));
    }

    @Test
    void shouldHashGpaLengthAndContentOfEachPage() throws Exception {
        MemorySegment image = image(1);
        byte[] header = HexFormat.of().parseHex("00001000000000000010000000000000");
        MessageDigest expected = MessageDigest.getInstance("SHA-256");
        expected.update(header);
        expected.update((byte[]) image.heapBase().orElseThrow());
        LaunchResult result = planner.measure(planner.plan(image, AT_1M), image, AT_1M);
        assertEquals(HexFormat.of().formatHex(expected.digest()), result.digest());
        assertFalse(result.architectural());
        assertEquals(1, result.transcript().size());
        assertTrue(result.transcript().getFirst().startsWith("page gpa=0x100000 length=4096 sha256="));
    }

    @Test
    void shouldMeasureWhatTheSessionLoads() {
        MemorySegment image = image(3);
        List<LaunchItem> items = planner.plan(image, AT_1M);
        LaunchResult measured = planner.measure(items, image, AT_1M);
        for (VmType type : SoftwareTypes.ALL) {
            for (boolean inPlace : new boolean[] {false, true}) {
                assertEquals(measured, launch(bare.vm(type), items, image, inPlace));
            }
        }
        image.set(java.lang.foreign.ValueLayout.JAVA_BYTE, 5000, (byte) 1);
        assertNotEquals(measured.digest(), planner.measure(items, image, AT_1M).digest());
    }

    @Test
    void shouldZeroAPageThatTheImageDoesNotHave() {
        LaunchItem zero = new LaunchItem(LaunchItem.Kind.PAGE, 1, 1, -1, 0, 0);
        LaunchSession session = bare.vm(SoftwareTypes.PROTECTED).launch(AT_1M);
        bare.memory.putLong(20 << 12, 77);
        assertEquals(Status.OK, session.page(zero, 20, -1, work));
        assertTrue(bare.memory.isZero(20 << 12, 4096));
        assertEquals(planner.measure(List.of(zero), image(1), AT_1M), session.finish(work));
    }

    @Test
    void shouldMakeLoadedPagesPrivate() {
        bare.vm(SoftwareTypes.PROTECTED).launch(AT_1M).page(planner.plan(image(1), AT_1M).getFirst(), 20, 21, work);
        assertEquals(Status.DENIED, Status.kind(bare.platform.hostAccess(20, Access.READ, new FaultDetail())));
        assertEquals(Status.OK, bare.platform.hostAccess(21, Access.READ, new FaultDetail()));
    }

    @Test
    void shouldChangeNothingWhenTheFrameIsForeign() {
        bare.vm(SoftwareTypes.PROTECTED).table().map(0, 20, 1,
                Bare.work(TableWork.FAULT, Access.WRITE | Access.PRIVATE));
        bare.memory.putLong(20 << 12, 77);
        LaunchItem item = planner.plan(image(1), AT_1M).getFirst();
        LaunchSession session = bare.vm(SoftwareTypes.PROTECTED).launch(AT_1M);
        assertEquals(Status.DENIED, Status.kind(session.page(item, 20, 21, work)));
        assertEquals(77, bare.memory.getLong(20 << 12));
        assertEquals(List.of(), session.finish(work).transcript());
    }

    @Test
    void shouldBeLaunchedOnceAndFinishedOnce() {
        VmBackend vm = bare.vm(SoftwareTypes.PROTECTED);
        LaunchSession session = vm.launch(AT_1M);
        assertThrows(IllegalStateException.class, () -> vm.launch(AT_1M));
        session.finish(work);
        assertThrows(IllegalStateException.class, () -> session.finish(work));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "0x", "1", "0x1001", "-4096", "0x1000000000000", "99999999999999999999",
            "0xfffffffff000"})
    void shouldRefuseAGpaThatCannotBe(String gpa) {
        String message = String
                .valueOf(assertThrows(IllegalArgumentException.class, () -> planner.plan(image(2), Map.of("gpa", gpa)))
                        .getMessage());
        assertTrue(message.contains("gpa"), message);
    }

    @Test
    void shouldRefuseMissingAndUnknownOptionsAndEmptyAndRaggedImages() {
        assertThrows(IllegalArgumentException.class, () -> planner.plan(image(1), Map.of()));
        assertThrows(IllegalArgumentException.class, () -> planner.plan(image(1), Map.of("gpa", "0", "size", "1")));
        assertThrows(IllegalArgumentException.class, () -> planner.plan(image(0), AT_1M));
        assertThrows(IllegalArgumentException.class, () -> planner.plan(MemorySegment.ofArray(new byte[4097]), AT_1M));
    }

    private LaunchResult launch(VmBackend vm, List<LaunchItem> items, MemorySegment image, boolean inPlace) {
        LaunchSession session = vm.launch(AT_1M);
        for (LaunchItem item : items) {
            long pfn = item.gfn() - 0x100;
            long source = inPlace ? pfn : pfn + 512;
            for (long i = 0; i < 4096; i++) {
                byte value = image.get(java.lang.foreign.ValueLayout.JAVA_BYTE, item.imageOffset() + i);
                bare.memory.putByte((source << 12) + i, value);
            }
            assertEquals(Status.OK, session.page(item, pfn, source, work));
        }
        vm.table().remove(0x100, 0, items.size(), work);
        return session.finish(work);
    }

    private static MemorySegment image(int pages) {
        byte[] bytes = new byte[pages * 4096];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 31 + (i >> 12));
        }
        return MemorySegment.ofArray(bytes);
    }
}
