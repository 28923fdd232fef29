package org.enclosure.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;

import org.enclosure.examples.guest.BuiltInImage;
import org.enclosure.examples.guest.Digests;
import org.enclosure.examples.guest.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestImageTest {
    private static final int PAGE = 4096;
    private static final long SMALL = 16L << 20;

    @TempDir private Path folder;

    @Test
    void shouldTakeTheBuiltInImageWhereNoFileIsGiven() {
        GuestImage image = GuestImage.of(RunOptions.defaults());

        assertEquals(BuiltInImage.bytes().length, image.bytes().byteSize());
        assertEquals(sha256(BuiltInImage.bytes()), image.digest());
    }

    @Test
    void shouldMapAFileWithItsBytesAndItsDigest() throws IOException {
        byte[] bytes = Pattern.bytes(7, 0, 600 * PAGE);

        GuestImage image = GuestImage.of(options(file("firmware", bytes)));

        assertEquals(sha256(bytes), image.digest());
        assertEquals(bytes[bytes.length - 1], image.bytes().get(ValueLayout.JAVA_BYTE, bytes.length - 1));
    }

    @Test
    void shouldRefuseAFileThatIsMissing() {
        assertRefused(folder.resolve("nothing"), "does not exist");
    }

    @Test
    void shouldRefuseADirectory() {
        assertRefused(folder, "is a directory");
    }

    @Test
    void shouldRefuseAnEmptyFile() throws IOException {
        assertRefused(file("empty", new byte[0]), "is empty");
    }

    @Test
    void shouldRefuseAFileThatIsNotAMultipleOfThePageSize() throws IOException {
        assertRefused(file("odd", new byte[PAGE + 1]), "has 4097 bytes, which is not a multiple of 4096");
    }

    @Test
    void shouldRefuseAFileThatIsLargerThanMemory() throws IOException {
        assertRefused(file("large", new byte[(int) SMALL + PAGE]),
                "has 16781312 bytes and does not fit into guest memory of 16777216 bytes");
    }

    @Test
    void shouldTakeTheLargestFileThatFitsAndNotOnePageMore() throws IOException {
        int limit = 6 << 20;

        assertEquals(limit, GuestImage.of(options(file("fits", new byte[limit]))).bytes().byteSize());
        assertRefused(file("over", new byte[limit + PAGE]), "at most 6291456 fit");
    }

    @Test
    void shouldRefuseAFileThatIsNoRegularFile() {
        Path device = Path.of("/dev/null");
        assumeTrue(Files.exists(device), "there is no /dev/null here");

        assertRefused(device, "is not a regular file");
    }

    private void assertRefused(Path file, String reason) {
        UnusableInputException refused = assertThrows(UnusableInputException.class, () -> GuestImage.of(options(file)));

        String message = refused.getMessage();
        assertTrue(message.contains(reason) && message.contains(file.toString()), message);
        assertFalse(message.contains("\n"), message);
    }

    private Path file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes);
    }

    private static RunOptions options(Path image) {
        return RunOptions.defaults().withMemory(SMALL).withImage(image);
    }

    private static String sha256(byte[] bytes) {
        MessageDigest digest = Digests.sha256();
        return HexFormat.of().formatHex(digest.digest(bytes));
    }
}
