package org.enclosure.snp.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

public class LaunchDigestTest {
    private static final byte[] FILLED = Facts.bytes("fill 165 4096");

    static Stream<Arguments> chains() {
        Map<String, List<String[]>> chains = new LinkedHashMap<>();
        for (String[] row : Facts.rows("chains.csv")) {
            chains.computeIfAbsent(row[0], id -> new ArrayList<>()).add(row);
        }
        return chains.entrySet().stream().map(chain -> Arguments.of(chain.getKey(), chain.getValue()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("chains")
    void shouldYieldTheRecordedDigestAfterEachStep(String id, List<String[]> steps) {
        LaunchDigest digest = new LaunchDigest(Facts.hex(steps.getFirst()[1]), new byte[48]);
        for (String[] step : steps) {
            byte[] data = Facts.bytes(step[7]);
            for (int at = 0; at < Facts.number(step[4]); at += 4096) {
                byte[] page = data.length == 0 ? new byte[0] : Arrays.copyOfRange(data, at, at + 4096);
                digest.extend(Facts.number(step[2]), Facts.number64(step[3]) + at, page, step[5].equals("1"),
                        masks(step[6]));
            }
            assertEquals(step[8], Facts.hex(digest.digest()), id + " at gpa " + step[3]);
        }
    }

    private static int masks(String text) {
        String[] masks = text.split(",", -1);
        return Facts.number(masks[0]) | Facts.number(masks[1]) << 8 | Facts.number(masks[2]) << 16;
    }

    @Test
    void shouldMeasureTheInitialMigrationImageInADigestOfItsOwn() {
        LaunchDigest digest = new LaunchDigest();
        digest.extend(PageType.NORMAL, 0x100000, FILLED, false, 0);
        assertEquals("0".repeat(96), Facts.hex(digest.imd()));
        digest.extend(PageType.ZERO, 0x101000, new byte[0], true, 0);
        digest.extend(PageType.NORMAL, 0xffc00000L, Facts.bytes("fill 1 4096"), true, 0);
        assertEquals("88276f3b7ff84fb3d44f467554713f0d8b29bbc963e386002ab77244437985b12eca107939feca1312681145347ac039",
                Facts.hex(digest.digest()));
        assertEquals("b717fb1b0aa80828ebb6e676ab0ddc87df42a71963bddd560ccb75abeb148fd03291eaf1c66ca9ff7f6041f510a3f660",
                Facts.hex(digest.imd()));
    }

    @Test
    void shouldPutTheMasksInTheOrderVmpl1ToVmpl3() {
        LaunchDigest digest = new LaunchDigest();
        digest.extend(PageType.NORMAL, 0x100000, FILLED, false, 0x01_07_0F);
        assertEquals("70000100" + "000f0701" + "0000100000000000", Facts.hex(digest.pageInfo()).substring(2 * 0x60));
    }

    @Test
    void shouldMeasureTheTimeStampFieldsOfAVmsaAsZero() {
        byte[] other = FILLED.clone();
        Arrays.fill(other, 0x2F0, 0x300, (byte) 0);
        assertEquals(of(PageType.VMSA, other), of(PageType.VMSA, FILLED));
        assertNotEquals(of(PageType.NORMAL, other), of(PageType.NORMAL, FILLED));
        for (int around : new int[] {0x2EF, 0x300}) {
            byte[] changed = FILLED.clone();
            changed[around] ^= 1;
            assertNotEquals(of(PageType.VMSA, changed), of(PageType.VMSA, FILLED));
        }
    }

    @Test
    void shouldTellAPageOfZeroesFromAZeroPage() {
        assertNotEquals(of(PageType.NORMAL, new byte[4096]), of(PageType.ZERO, new byte[4096]));
        assertEquals(of(PageType.UNMEASURED, new byte[0]), of(PageType.UNMEASURED, FILLED));
    }

    @Test
    void shouldRefusePagesAndDigestsOfTheWrongSize() {
        LaunchDigest digest = new LaunchDigest();
        assertThrows(IllegalArgumentException.class,
                () -> digest.extend(PageType.NORMAL, 0, new byte[4095], false, 0));
        assertThrows(IllegalArgumentException.class,
                () -> digest.extendHashed(PageType.NORMAL, 0, new byte[47], false, 0));
        assertThrows(IllegalArgumentException.class, () -> new LaunchDigest(new byte[47], new byte[48]));
        assertEquals("0".repeat(96), Facts.hex(digest.digest()));
    }

    private static String of(int type, byte[] page) {
        LaunchDigest digest = new LaunchDigest();
        digest.extend(type, 0, page, false, 0);
        return Facts.hex(digest.digest());
    }
}
