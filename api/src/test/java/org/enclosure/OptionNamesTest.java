package org.enclosure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Map;
import java.util.Set;

import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.OptionNames;
import org.junit.jupiter.api.Test;

/// What plugins say of options that they cannot use.
class OptionNamesTest {
    private static final long LIMIT = 0x40_0000;

    @Test
    void shouldPassWhatIsLegal() {
        OptionNames.check("a VM", Map.of(), Set.of());
        OptionNames.check("a VM", Map.of("b", "1"), Set.of("a", "b"));
    }

    @Test
    void shouldNameTheFirstUnknownOptionAndTheLegalOnesInOrder() {
        assertRefused("option x of a VM is not known; legal: a, b, c",
                () -> OptionNames.check("a VM", Map.of("y", "1", "x", "1", "a", "1"), Set.of("c", "a", "b")));
        assertRefused("option x of the platform is not known; legal: none",
                () -> OptionNames.check("the platform", Map.of("x", "1"), Set.of()));
    }

    @Test
    void shouldReadTheAddressOfAnImage() {
        assertEquals(0x20_0000, LaunchPlanner.imageGpa(Map.of("gpa", "0x200000"), LIMIT));
        assertEquals(4096, LaunchPlanner.imageGpa(Map.of("gpa", "4096"), LIMIT));
    }

    @Test
    void shouldRefuseAnAddressThatIsNone() {
        assertRefused("option gpa is missing: the gpa of the image's first byte, decimal or 0x",
                () -> LaunchPlanner.imageGpa(Map.of(), LIMIT));
        for (String gpa : new String[] {"x", "", "0x", "-4096", "+4096", "4097", "0x400000", "0xfffffffffffff000"}) {
            assertRefused("option gpa=" + gpa
                    + " is not legal; legal: a multiple of 4096 below 0x400000, decimal or 0x",
                    () -> LaunchPlanner.imageGpa(Map.of("gpa", gpa), LIMIT));
        }
    }

    private static void assertRefused(String message, Runnable call) {
        assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }
}
