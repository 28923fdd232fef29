package org.enclosure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;

import org.enclosure.spi.OptionValues;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OptionValuesTest {
    @Test
    void shouldTakeOneOfAFewTexts() {
        assertEquals("no", OptionValues.choice(Map.of(), "debug", "no", "yes"));
        assertEquals("yes", OptionValues.choice(Map.of("debug", "yes"), "debug", "no", "yes"));
        assertRefused("option debug=YES is not legal; legal: no, yes",
                () -> OptionValues.choice(Map.of("debug", "YES"), "debug", "no", "yes"));
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "512, 512", "0x10, 16", "0X1F, 31", "010, 10"})
    void shouldTakeANumberInARange(String text, long value) {
        assertEquals(value, OptionValues.number(Map.of("vcpus", text), "vcpus", -1, 1, 512));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0", "513", "-1", "+1", "1.0", "0x", "0x-1", "ten", "0xffffffffffffffff",
            "99999999999999999999999"})
    void shouldRefuseWhatIsNoNumberInTheRange(String text) {
        assertRefused("option vcpus=" + text + " is not legal; legal: 1 to 512, decimal or 0x",
                () -> OptionValues.number(Map.of("vcpus", text), "vcpus", -1, 1, 512));
    }

    @Test
    void shouldShowAWideRangeInHexAndKeepAFallbackOutsideOfIt() {
        assertRefused("option sig=0x100000000 is not legal; legal: 0x0 to 0xffffffff, decimal or 0x",
                () -> OptionValues.number(Map.of("sig", "0x100000000"), "sig", -1, 0, 0xffff_ffffL));
        assertEquals(-1, OptionValues.number(Map.of(), "sig", -1, 0, 0xffff_ffffL));
    }

    @Test
    void shouldTakeAPatternOf64Bits() {
        assertEquals(-1, OptionValues.pattern(Map.of("pc", "0xffffffffffffffff"), "pc", 0));
        assertEquals(7, OptionValues.pattern(Map.of(), "pc", 7));
        assertRefused("option pc=0x10000000000000000 is not legal; legal: 64 bits, decimal or 0x",
                () -> OptionValues.pattern(Map.of("pc", "0x10000000000000000"), "pc", 0));
    }

    private static void assertRefused(String message, Runnable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }
}
