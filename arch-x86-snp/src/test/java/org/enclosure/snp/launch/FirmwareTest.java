package org.enclosure.snp.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class FirmwareTest {
    private static final int PAGE = 4096;
    private static final int GPA = 0x800000;

    static Stream<Arguments> images() {
        return Facts.rows("firmware.csv").stream().map(row -> Arguments.of(row[0], row));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("images")
    void shouldReadWhatTheImageSays(String id, String[] row) {
        Firmware firmware = new Firmware(MemorySegment.ofArray(Facts.bytes(row[6])));
        assertEquals(Facts.number64(row[1]), firmware.gpa(), id);
        assertEquals(Facts.number64(row[2]), firmware.resetEip());
        assertEquals(Facts.number64(row[3]), firmware.hashesBase());
        List<Section> expected = Arrays.stream(row[4].split(" ", -1)).map(FirmwareTest::section).toList();
        assertEquals(expected, firmware.sections());
    }

    private static Section section(String text) {
        String[] parts = text.split(":", -1);
        return new Section(Facts.number64(parts[0]), Facts.number64(parts[1]), Facts.number64(parts[2]));
    }

    @Test
    void shouldSayWhatIsMissing() {
        Firmware bare = new Firmware(MemorySegment.ofArray(new byte[PAGE]));
        assertFault(FirmwareFault.NO_FOOTER, "no table of GUIDs", bare::sections);
        assertFault(FirmwareFault.NO_FOOTER, "no table of GUIDs", bare::resetEip);
        Firmware empty = new Firmware(new FirmwareBuilder(PAGE).build());
        assertFault(FirmwareFault.NO_METADATA, "no SEV metadata", empty::sections);
        assertFault(FirmwareFault.NO_RESET_BLOCK, "no SEV-ES reset block", empty::resetEip);
        assertFault(FirmwareFault.NO_HASHES_TABLE, "no place for kernel hashes", empty::hashesGpa);
        Firmware zero = new Firmware(new FirmwareBuilder(PAGE).hashes(0, 0x400).build());
        assertFault(FirmwareFault.NO_HASHES_TABLE, "no place for kernel hashes", zero::hashesGpa);
    }

    @Test
    void shouldRefuseImagesOfOddSizes() {
        assertFault(FirmwareFault.IMAGE_SIZE, "0 bytes", () -> new Firmware(MemorySegment.ofArray(new byte[0])));
        assertFault(FirmwareFault.IMAGE_SIZE, "4095 bytes",
                () -> new Firmware(MemorySegment.ofArray(new byte[PAGE - 1])));
        assertFault(FirmwareFault.IMAGE_SIZE, "8191 bytes",
                () -> new Firmware(MemorySegment.ofArray(new byte[2 * PAGE - 1])));
    }

    @Test
    void shouldRefuseATableOfGuidsWithWrongLengths() {
        assertFault(FirmwareFault.FOOTER_TABLE, "the whole table is 17",
                () -> new Firmware(new FirmwareBuilder(PAGE).build(17)));
        assertFault(FirmwareFault.FOOTER_TABLE, "legal is 18 to 4064",
                () -> new Firmware(new FirmwareBuilder(PAGE).build(4065)));
        assertFault(FirmwareFault.FOOTER_TABLE, "17 bytes left",
                () -> new Firmware(new FirmwareBuilder(PAGE).build(35)));
        int[] data = {GPA};
        assertFault(FirmwareFault.FOOTER_TABLE, "its entry is 17",
                () -> new Firmware(new FirmwareBuilder(PAGE).entry(FirmwareBuilder.RESET_BLOCK, 17, data).build()));
        assertFault(FirmwareFault.FOOTER_TABLE, "its entry is 23; legal is 18 to 22",
                () -> new Firmware(new FirmwareBuilder(PAGE).entry(FirmwareBuilder.RESET_BLOCK, 23, data).build()));
        Firmware shortData = new Firmware(
                new FirmwareBuilder(PAGE).entry(FirmwareBuilder.HASHES, GPA).entry(FirmwareBuilder.RESET_BLOCK)
                        .build());
        assertFault(FirmwareFault.FOOTER_TABLE, "has 4 bytes of data; needed are 8", shortData::hashesGpa);
        assertFault(FirmwareFault.FOOTER_TABLE, "has 0 bytes of data; needed are 4", shortData::resetEip);
        Firmware twice = new Firmware(new FirmwareBuilder(PAGE).resetBlock().resetBlock().build());
        assertFault(FirmwareFault.FOOTER_TABLE, "two entries", twice::resetEip);
    }

    @Test
    void shouldRefuseMetadataThatContradictThemselves() {
        assertMetadata("the signature is", new FirmwareBuilder(PAGE).metadata("ASEW", 16, 1, 0));
        assertMetadata("version is 2", new FirmwareBuilder(PAGE).metadata("ASEV", 16, 2, 0));
        assertMetadata("size is 15", new FirmwareBuilder(PAGE).metadata("ASEV", 15, 1, 0));
        assertMetadata("size is 27 with 1 sections", new FirmwareBuilder(PAGE).metadata("ASEV", 27, 1, 1));
        assertMetadata("size is 3585", new FirmwareBuilder(PAGE).metadata("ASEV", 3585, 1, 1));
        assertMetadata("with 4294967295 sections", new FirmwareBuilder(PAGE).metadata("ASEV", 16, 1, -1));
        assertMetadata("does not fit", new FirmwareBuilder(PAGE).entry(FirmwareBuilder.METADATA, 15));
        assertMetadata("does not fit", new FirmwareBuilder(PAGE).entry(FirmwareBuilder.METADATA, PAGE + 1));
        assertMetadata("does not fit", new FirmwareBuilder(PAGE).entry(FirmwareBuilder.METADATA, -1));
    }

    @Test
    void shouldRefuseAPlaceForHashesThatIsTooSmall() {
        Firmware tooSmall = new Firmware(new FirmwareBuilder(PAGE).hashes(0x810c00, 175).build());
        assertFault(FirmwareFault.HASHES_AREA, "has 0xaf bytes in its page", tooSmall::hashesGpa);
        Firmware crossing = new Firmware(new FirmwareBuilder(PAGE).hashes(0x810f51, 0x400).build());
        assertFault(FirmwareFault.HASHES_AREA, "has 0xaf bytes in its page", crossing::hashesGpa);
        assertEquals(0x810f50, new Firmware(new FirmwareBuilder(PAGE).hashes(0x810f50, 176).build()).hashesGpa());
    }

    private static void assertMetadata(String text, FirmwareBuilder builder) {
        Firmware firmware = new Firmware(builder.build());
        assertFault(FirmwareFault.METADATA, text, firmware::sections);
    }

    static void assertFault(FirmwareFault fault, String text, Executable call) {
        FirmwareException refused = assertThrows(FirmwareException.class, call);
        assertEquals(fault, refused.fault(), refused.getMessage());
        assertTrue(String.valueOf(refused.getMessage()).contains(text), refused.getMessage());
    }
}
