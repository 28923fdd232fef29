package org.enclosure.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SizesTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "4096, 4K", "5120, 5K", "5121, 5121", "1048576, 1M", "68719476736, 64G", "4398046511104, 4T",
            "1125899906842624, 1024T"})
    void shouldShowTheShortestExactSpelling(long bytes, String shown) {
        assertEquals(shown, Sizes.show(bytes));
    }

    @ParameterizedTest
    @CsvSource({"8K, 8192", "8192, 8192", "008K, 8192", "3M, 3145728", "1G, 1073741824", "1T, 1099511627776"})
    void shouldTakeDigitsAndAUnit(String text, long bytes) {
        assertEquals(bytes, Sizes.parse("size", text, 4096, 1L << 40));
    }
}
