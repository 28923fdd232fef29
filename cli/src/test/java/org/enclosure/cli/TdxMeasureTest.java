package org.enclosure.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `measure --arch x86-tdx` with the recorded firmware images, and with images that are none.
class TdxMeasureTest {
    private static final JsonNode IMAGES = images();
    private static final int SIGNATURE = 0x46564454;
    private static final int FIRST_SECTION = 16;

    @TempDir Path folder = Path.of("");

    static Stream<Arguments> recorded() {
        List<Arguments> all = new ArrayList<>();
        IMAGES.forEach(image -> all.add(Arguments.of(image.path("id").stringValue(), image)));
        return all.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("recorded")
    void shouldPrintTheRecordedDigestOfEitherOrder(String id, JsonNode image) throws IOException {
        String one = image.path("mrtd_single_pass").stringValue();
        String two = image.path("mrtd_two_pass_per_section").stringValue();
        byte[] bytes = bytes(image);
        assertEquals(one + "\n", measure(bytes).assertGood().out(), id);
        assertEquals(one + "\n", measure(bytes, "--page-add-order", "one-pass").assertGood().out(), id);
        assertEquals(two + "\n", measure(bytes, "--page-add-order", "two-pass").assertGood().out(), id);
        measure(bytes, "--page-add-order", "three-pass").assertUnusable("page-add-order", "one-pass", "two-pass");
    }

    @Test
    void shouldShowEachStep() throws IOException {
        JsonNode image = IMAGES.get(0);
        List<String> one = measure(bytes(image), "--transcript").assertGood().out().lines().toList();
        List<String> two = measure(bytes(image), "--page-add-order", "two-pass", "--transcript").assertGood().out()
                .lines().toList();
        assertEquals(image.path("mrtd_single_pass").stringValue(), one.getLast());
        assertEquals(image.path("mrtd_two_pass_per_section").stringValue(), two.getLast());
        int pages = 0;
        for (JsonNode section : image.path("sections")) {
            boolean isAdded = (Long.decode(section.path("attributes").stringValue()) & 2) == 0;
            pages += isAdded ? (int) (Long.decode(section.path("memory_data_size").stringValue()) >>> 12) : 0;
        }
        assertEquals(pages, one.stream().filter(line -> line.contains("MEM.PAGE.ADD")).count());
        assertEquals(pages, two.stream().filter(line -> line.contains("MEM.PAGE.ADD")).count());
        assertTrue(one.stream().anyMatch(line -> line.contains("MR.EXTEND")), one.toString());
    }

    @Test
    void shouldExplainADigest() throws IOException {
        byte[] image = bytes(IMAGES.get(0));
        String one = IMAGES.get(0).path("mrtd_single_pass").stringValue();
        String two = IMAGES.get(0).path("mrtd_two_pass_per_section").stringValue();
        assertEquals("equal: these inputs yield that digest\n", measure(image, "--explain", one).assertGood().out());
        assertEquals("found: page-add-order is two-pass instead of one-pass\n",
                measure(image, "--explain", two).assertGood().out());
        CommandRun unknown = measure(image, "--explain", "0".repeat(96));
        assertEquals(1, unknown.status());
        assertTrue(unknown.out().startsWith("not found; tried:"), unknown.out());
        measure(image, "--explain", "00").assertUnusable("is not a digest: SHA-384 has 96 hex digits");
    }

    @Test
    void shouldRefuseAnImageWithoutMetadata() throws IOException {
        measure(new byte[8192]).assertUnusable("TDVF metadata", "GUID at end - 48 is 0x0");
        measure(new byte[16]).assertUnusable("16");
        measure(new byte[0]).assertUnusable();
        byte[] otherEntry = bytes(IMAGES.get(0));
        otherEntry[otherEntry.length - 48 - 2 - 16]++;
        measure(otherEntry).assertUnusable("no entry e47a6535-984a-4798-865e-4685a7bf8ec2");
    }

    @Test
    void shouldRefuseASectionPastTheEndByFieldAndValue() throws IOException {
        patched(0, 0x00ff_f000).assertUnusable("section 0 data end is 0x", "at most the image's size, 0x4000");
        patched(4, 0x7fff_f000).assertUnusable("section 0 data end is 0x7ffff000");
        patched(8, 0x800).assertUnusable("section 0 memory address is 0x", "multiple of 0x1000");
        patched(24, 99).assertUnusable("section 0 type is 0x63", "0 to 4");
        patched(28, 8).assertUnusable("section 0 attributes is 0x8");
        patched(-FIRST_SECTION, 1).assertUnusable("signature is 0x1", "0x46564454");
        patched(-FIRST_SECTION + 4, 7).assertUnusable("length is 0x7");
        patched(-FIRST_SECTION + 8, 2).assertUnusable("version is 0x2");
        patched(-FIRST_SECTION + 12, 0x1000_0000).assertUnusable("section count is 0x10000000");
    }

    /// The first image with a word of its descriptor changed.
    ///
    /// @param offset from the start of the first section
    private CommandRun patched(int offset, int word) throws IOException {
        byte[] image = bytes(IMAGES.get(0));
        ByteBuffer buffer = ByteBuffer.wrap(image).order(ByteOrder.LITTLE_ENDIAN);
        int descriptor = 0;
        while (buffer.getInt(descriptor) != SIGNATURE) {
            descriptor += Integer.BYTES;
        }
        buffer.putInt(descriptor + FIRST_SECTION + offset, word);
        return measure(image);
    }

    private CommandRun measure(byte[] image, String... more) throws IOException {
        List<String> words = new ArrayList<>(List.of("measure", "--arch", "x86-tdx", "--firmware",
                Files.write(folder.resolve("image"), image).toString()));
        words.addAll(Arrays.asList(more));
        return CommandRun.of(words.toArray(new String[0]));
    }

    private static byte[] bytes(JsonNode image) throws IOException {
        byte[] packed = Base64.getDecoder().decode(image.path("image").path("gzip_base64").stringValue());
        try (GZIPInputStream unpacked = new GZIPInputStream(new ByteArrayInputStream(packed))) {
            return unpacked.readAllBytes();
        }
    }

    private static JsonNode images() {
        try (InputStream in = TdxMeasureTest.class.getResourceAsStream("/vectors/x86-tdx.json")) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in)).path("tdvf_images");
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
