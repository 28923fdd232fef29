package org.enclosure.tdx.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Map;

import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchResult;
import org.enclosure.tdx.wire.MrtdStream;
import org.junit.jupiter.api.Test;

class TdxPlannerTest {
    private static final TdxPlanner PLANNER = TdxPlanner.INSTANCE;

    static LaunchResult digest(MemorySegment image, String order) {
        Map<String, String> options = Map.of("layout", "tdvf", "page-add-order", order);
        return PLANNER.measure(PLANNER.plan(image, options), image, options);
    }

    @Test
    void shouldMeasureInTheOrderThatIsAskedFor() {
        MemorySegment image = TdvfImages.legal().segment();
        MrtdStream onePass = new MrtdStream();
        MrtdStream twoPass = new MrtdStream();
        byte[] bytes = image.toArray(java.lang.foreign.ValueLayout.JAVA_BYTE);
        for (int page = 0; page < 2; page++) {
            onePass.add(0xffffe000L + page * 0x1000L);
            twoPass.add(0xffffe000L + page * 0x1000L);
            for (int at = 0; at < 0x1000; at += 256) {
                onePass.extend(0xffffe000L + page * 0x1000L + at, bytes, 0x1000 + page * 0x1000 + at);
            }
        }
        for (int at = 0; at < 0x2000; at += 256) {
            twoPass.extend(0xffffe000L + at, bytes, 0x1000 + at);
        }
        for (long gpa = 0x80_0000; gpa < 0x80_3000; gpa += 0x1000) {
            onePass.add(gpa);
            twoPass.add(gpa);
        }
        assertEquals(onePass.hex(), digest(image, "one-pass").digest());
        assertEquals(twoPass.hex(), digest(image, "two-pass").digest());
        assertNotEquals(onePass.hex(), twoPass.hex());
        assertEquals("SHA-384", digest(image, "one-pass").algorithm());
    }

    @Test
    void shouldNotAddWhatIsGivenAfterTheLaunch() {
        MemorySegment image = TdvfImages.legal().section(1, 0, 0, 0x80_0000, 0x3000, 4, 2).segment();
        List<LaunchItem> items = PLANNER.plan(image, Map.of("layout", "tdvf"));
        assertEquals(2, items.size());
        assertTrue(items.stream().allMatch(item -> item.gfn() >= 0xffffe));
    }

    /// What ends at 4 GiB is firmware, and firmware without metadata is refused, not measured as if it were something else.
    @Test
    void shouldTakeAnImageAtTheResetVectorAsFirmware() {
        MemorySegment plain = MemorySegment.ofArray(new byte[0x4000]);
        Map<String, String> atReset = Map.of("gpa", "0xffffc000");
        assertThrows(IllegalArgumentException.class, () -> PLANNER.plan(plain, atReset));
        assertEquals(5, PLANNER.plan(TdvfImages.legal().segment(), atReset).size());
        assertEquals(4, PLANNER.plan(TdvfImages.legal().segment(), Map.of("gpa", "0x1000")).size());
        assertEquals(4, PLANNER.plan(plain, Map.of("gpa", "0xffffc000", "layout", "payload")).size());
    }

    @Test
    void shouldRefuseOptionsByName() {
        MemorySegment plain = MemorySegment.ofArray(new byte[0x1000]);
        for (Map<String, String> options : List.of(Map.of("gpa", "0", "unknown", "1"), Map.of("gpa", "1"),
                Map.of("gpa", "x"), Map.of("gpa", "-4096"), Map.of("gpa", "0x800000000000"), Map.<String, String>of(),
                Map.of("gpa", "0", "page-add-order", "three-pass"), Map.of("gpa", "0", "layout", "raw"))) {
            String message = String.valueOf(
                    assertThrows(IllegalArgumentException.class, () -> PLANNER.plan(plain, options)).getMessage());
            assertTrue(message.contains("option"), message);
        }
    }

    @Test
    void shouldKnowTheOtherOrderAsTheLikelyMistake() {
        MemorySegment image = TdvfImages.legal().segment();
        var variations = PLANNER.variations(Map.of("layout", "tdvf"));
        assertEquals(digest(image, "two-pass").digest(), PLANNER.measure(
                PLANNER.plan(image, variations.getFirst().options()), image, variations.getFirst().options()).digest());
    }
}
