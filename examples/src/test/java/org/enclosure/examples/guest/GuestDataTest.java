package org.enclosure.examples.guest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

import org.junit.jupiter.api.Test;

class GuestDataTest {
    private static final int PAGE = 4096;

    @Test
    void shouldGiveTheSameBytesForTheSameSeedAndOthersForAnother() {
        assertArrayEquals(Pattern.bytes(1, 2, 100), Pattern.bytes(1, 2, 100));
        assertFalse(Arrays.equals(Pattern.bytes(1, 2, 100), Pattern.bytes(2, 2, 100)));
        assertFalse(Arrays.equals(Pattern.bytes(1, 2, 100), Pattern.bytes(1, 3, 100)));
        assertNotEquals(Pattern.word(1, 2), Pattern.word(1, 3));
    }

    @Test
    void shouldTellItsOwnBytesFromOldOnesFromZeroesAndFromOthers() {
        Secret first = new Secret(MemoryMap.WINDOW, 2, 5, 0);
        Secret second = first.next();

        assertEquals(Secret.Sight.OWN, second.judge(1, second.page(1)));
        assertEquals(Secret.Sight.OLD, second.judge(1, first.page(1)));
        assertEquals(Secret.Sight.OTHER, second.judge(1, second.page(0)));
        assertEquals(Secret.Sight.ZEROES, second.judge(1, new byte[PAGE]));
        assertEquals(Secret.Sight.OTHER, first.judge(1, second.page(1)));
    }

    @Test
    void shouldRecogniseEveryWordOfEveryVersionThatTheGuestWrote() {
        Secret first = new Secret(MemoryMap.WINDOW, 2, 5, 0);
        Secret second = first.next();

        for (int offset = 0; offset < PAGE; offset += Long.BYTES) {
            assertTrue(second.reveals(1, offset, wordAt(second.page(1), offset)), "own word at " + offset);
            assertTrue(second.reveals(1, offset, wordAt(first.page(1), offset)), "old word at " + offset);
            assertFalse(second.reveals(1, offset, 0), "zero at " + offset);
        }
    }

    @Test
    void shouldPutTheChecksumOfItsBodyIntoTheBuiltInImage() {
        byte[] image = BuiltInImage.bytes();
        ImageHeader header = ImageHeader.read(Arrays.copyOf(image, PAGE));

        assertEquals(0, image.length % PAGE);
        assertEquals("ENCLOSUR", new String(image, 0, 8, StandardCharsets.US_ASCII));
        assertNotNull(header);
        assertEquals(image.length, header.imageBytes());
        assertArrayEquals(Digests.sha256().digest(Arrays.copyOfRange(image, PAGE, image.length)), header.bodyDigest());
    }

    @Test
    void shouldSeeNoHeaderInAForeignImage() {
        assertNull(ImageHeader.read(new byte[PAGE]));
    }

    @Test
    void shouldEndTheImageAt4GOrAtTheTopOfMemoryWhenThereIsLess() {
        assertEquals((64L << 20) - PAGE, new MemoryMap(64L << 20, PAGE).image());
        assertEquals((4L << 30) - PAGE, new MemoryMap(4L << 30, PAGE).image());
        assertEquals((4L << 30) - PAGE, new MemoryMap(6L << 30, PAGE).image());
        assertTrue(new MemoryMap(6L << 30, PAGE).doorbell() > 6L << 30);
    }

    @Test
    void shouldKeepTheFirstFindingsAndCountTheRest() {
        Findings findings = new Findings();
        for (int i = 0; i < 8; i++) {
            findings.check(i == 0, "finding " + i);
        }

        assertEquals(List.of("finding 1", "finding 2", "finding 3", "finding 4", "finding 5", "and 2 more"),
                findings.sentences());
    }

    private static long wordAt(byte[] page, int offset) {
        return ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).getLong(offset);
    }
}
