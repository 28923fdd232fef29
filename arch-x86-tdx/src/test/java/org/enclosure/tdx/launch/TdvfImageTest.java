package org.enclosure.tdx.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Random;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TdvfImageTest {
    private static String refusal(MemorySegment image) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, () -> TdvfImage.parse(image)).getMessage());
    }

    @Test
    void shouldReadTheSections() {
        TdvfImage image = TdvfImage.parse(TdvfImages.legal().segment());
        assertEquals(TdvfImages.DESCRIPTOR, image.descriptorOffset());
        assertEquals(List.of(new TdvfSection(0x1000, 0x2000, 0xffffe000L, 0x2000, 0, 1),
                new TdvfSection(0, 0, 0x80_0000, 0x3000, 3, 0)), image.sections());
    }

    /// Field by field: what is refused names the field and the value.
    @ParameterizedTest
    @CsvSource({"0x3000, 0x12345678, signature is 0x12345678", "0x3004, 0x51, length is 0x51",
            "0x3008, 2, version is 0x2", "0x300c, 0, section count is 0x0", "0x300c, 0x80, section count is 0x80",
            "0x300c, -1, section count is 0xffffffff", "0x3010, 0x3000, section 0 data end is 0x5000",
            "0x3010, -4096, section 0 data end is 0x100001000", "0x3014, 0x1800, section 0 raw size is 0x1800",
            "0x3014, 0x3000, section 0 raw size is 0x3000", "0x3018, 0xffe800, section 0 memory address is 0xffe800",
            "0x301c, 0x8000, section 0 memory address is 0x8000ffffe000", "0x3020, 0, section 0 memory size is 0x0",
            "0x3020, 0x2800, section 0 memory size is 0x2800", "0x3028, 9, section 0 type is 0x9",
            "0x302c, 4, section 0 attributes is 0x4", "0x3018, 0x00801000, section 1 memory address is 0x800000"})
    void shouldNameWhatItRefuses(String offset, String value, String message) {
        TdvfImages image = TdvfImages.legal();
        if (offset.equals("0x3018") && value.equals("0x00801000")) {
            image.with(0x301c, 0);
        }
        assertTrue(refusal(image.with(Integer.decode(offset), Long.decode(value).intValue()).segment())
                .contains(message), () -> refusal(image.segment()));
    }

    @Test
    void shouldRefuseABrokenTable() {
        assertTrue(refusal(TdvfImages.legal().withShort(TdvfImages.tableLength(), 3).segment())
                .contains("table length is 0x3"));
        assertTrue(refusal(TdvfImages.legal().withShort(TdvfImages.tableLength(), 0xffff).segment())
                .contains("table length is 0xffff"));
        assertTrue(refusal(TdvfImages.legal().withShort(TdvfImages.entryLength(), 0).segment()).contains("is 0x0"));
        assertTrue(refusal(TdvfImages.legal().withShort(TdvfImages.tableLength(), 18).segment())
                .contains("has no TDVF metadata"));
        assertTrue(refusal(TdvfImages.legal().with(TdvfImages.metadataOffset(), 0x5000).segment())
                .contains("metadata offset is 0x5000"));
        assertTrue(refusal(TdvfImages.legal().with(TdvfImages.metadataOffset(), 8).segment())
                .contains("metadata offset is 0x8"));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 48, 65, 66, 4096})
    void shouldRefuseWhatHasNoTable(int bytes) {
        refusal(MemorySegment.ofArray(new byte[bytes]));
    }

    /// Any bytes are parsed or refused; nothing else is ever thrown.
    @Test
    void shouldRefuseOrParseAnyBytes() {
        long seed = Long.getLong("enclosure.seed", System.nanoTime());
        System.out.println("TDVF: seed " + seed + "; again with -Denclosure.seed=" + seed);
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            TdvfImages image = TdvfImages.legal();
            for (int change = random.nextInt(4); change >= 0; change--) {
                int offset = random.nextBoolean() ? TdvfImages.DESCRIPTOR + random.nextInt(80)
                        : TdvfImages.BYTES - 100 + random.nextInt(64);
                image.with(offset, random.nextBoolean() ? random.nextInt() : random.nextInt(64));
            }
            try {
                new Plans(image.segment()).all();
            } catch (IllegalArgumentException refused) {
                assertTrue(String.valueOf(refused.getMessage()).length() > 10);
            }
        }
    }

    /// Plans in both orders, unless a section is so large that planning it is no test of parsing.
    private record Plans(MemorySegment image) {
        void all() {
            if (TdvfImage.parse(image).sections().stream().mapToLong(TdvfSection::memorySize).sum() < 1 << 20) {
                TdxPlannerTest.digest(image, "one-pass");
                TdxPlannerTest.digest(image, "two-pass");
            }
        }
    }
}
