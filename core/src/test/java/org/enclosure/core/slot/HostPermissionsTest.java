package org.enclosure.core.slot;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;

class HostPermissionsTest {
    private static final int PAGES = 40;
    private static final int CHANGES = 200;
    private static final long SEED = Long.getLong("enclosure.test.seed", System.nanoTime());

    @Test
    void shouldPermitPageByPageWhatWasSetLast() {
        System.out.println("HostPermissionsTest: -Denclosure.test.seed=" + SEED);
        SplittableRandom dice = new SplittableRandom(SEED);
        HostPermissions permissions = new HostPermissions();
        int[] model = new int[PAGES];
        Arrays.fill(model, HostPermissions.ALL);
        for (int change = 0; change < CHANGES; change++) {
            int start = dice.nextInt(PAGES);
            int end = dice.nextInt(start, PAGES) + 1;
            int bits = dice.nextInt(HostPermissions.UNMAPPED, HostPermissions.ALL + 1);
            permissions.set(start, end, bits);
            Arrays.fill(model, start, end, bits);
            for (int page = 0; page < PAGES; page++) {
                assertEquals(model[page], permissions.of(page), "page " + page);
                assertEquals(isUnmapped(model, page, PAGES), permissions.hasUnmapped(page, PAGES), "from page " + page);
                assertEquals(isUnmapped(model, 0, page), permissions.hasUnmapped(0, page), "up to page " + page);
            }
        }
    }

    private static boolean isUnmapped(int[] model, int start, int end) {
        return IntStream.range(start, end).anyMatch(page -> model[page] == HostPermissions.UNMAPPED);
    }

    @Test
    void shouldPermitEverythingWhereNothingWasSet() {
        HostPermissions permissions = new HostPermissions();
        assertEquals(HostPermissions.ALL, permissions.of(Long.MAX_VALUE));
        assertFalse(permissions.hasUnmapped(0, Long.MAX_VALUE));
        assertFalse(permissions.isRestricted());
    }

    @Test
    void shouldSeeOnePageAtTheEndOfAllWithoutLookingAtTheOthers() {
        HostPermissions permissions = new HostPermissions();
        permissions.set(Long.MAX_VALUE - 1, Long.MAX_VALUE, HostPermissions.UNMAPPED);
        assertTrue(permissions.hasUnmapped(0, Long.MAX_VALUE));
    }
}
