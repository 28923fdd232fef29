package org.enclosure.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// `measure --arch x86-snp` with the recorded launches.
class SnpMeasureTest {
    private static final JsonNode VECTORS = vectors();
    private static final Map<String, String> MODES = Map.of("SEV_SNP", "snp", "SEV_ES", "seves", "SEV", "sev");
    private static final String FULL = "82c29b0ef409bb9bc7ea66fc0e648b7b48797c6bd79df3d4daaf95409400cc1ddc2523b019623120203c141648fc0dc3";

    @TempDir Path folder = Path.of("");

    static Stream<Arguments> launches() {
        List<Arguments> launches = new ArrayList<>();
        VECTORS.path("end_to_end").forEach(one -> launches.add(Arguments.of(one.path("id").stringValue(), one)));
        return launches.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("launches")
    void shouldPrintTheRecordedDigest(String id, JsonNode launch) throws IOException {
        List<String> words = new ArrayList<>(words("--firmware", firmware(launch.path("firmware").stringValue())));
        words.addAll(List.of("--mode", MODES.getOrDefault(launch.path("mode").stringValue(), ""), "--vcpus",
                launch.path("vcpus").asString(), "--vcpu-sig", launch.path("vcpu_sig").stringValue(),
                "--guest-features",
                launch.path("guest_features").stringValue(), "--vmm",
                launch.path("vmm").stringValue().toLowerCase(Locale.ROOT)));
        for (String part : new String[] {"kernel", "initrd"}) {
            if (launch.has(part)) {
                words.addAll(List.of("--" + part, file(part, bytes(launch.path(part)))));
            }
        }
        if (launch.has("append")) {
            words.addAll(List.of("--append", launch.path("append").stringValue()));
        }
        CommandRun run = CommandRun.of(words.toArray(new String[0]));
        if (launch.has("error")) {
            run.assertUnusable("kernel hashes, which a kernel needs");
        } else {
            run.assertGood();
            assertEquals(launch.path("digest").stringValue() + "\n", run.out(), id);
        }
    }

    @Test
    void shouldHaveTheDefaultsOfTheOldTool() throws IOException {
        assertEquals(FULL + "\n", measure().assertGood().out());
        assertEquals(FULL + "\n",
                measure("--mode", "snp", "--vmm", "qemu", "--guest-features", "1").assertGood().out());
        CommandRun.of("measure", "--arch", "x86-snp", "--firmware", firmware("fw-full")).assertUnusable(
                "option vcpus is missing: mode snp measures the vCPUs; legal: 1 to 512");
        CommandRun.of("measure", "--arch", "x86-snp", "--firmware", firmware("fw-full"), "--vcpus", "1").assertUnusable(
                "option vcpu-type or vcpu-sig is missing");
    }

    @Test
    void shouldShowEachStepAndGoOnFromOne() throws IOException {
        CommandRun run = measure("--transcript").assertGood();
        List<String> lines = run.out().lines().toList();
        assertEquals(1 + 9 + 3 + 1 + 1 + 1 + 1 + 2 + 1 + 1, lines.size());
        assertEquals(FULL, lines.getLast());
        String afterImage = lines.getFirst().substring(lines.getFirst().length() - 96);
        assertEquals(FULL + "\n", measure("--ovmf-hash", afterImage).assertGood().out());
    }

    @Test
    void shouldExplainADigest() throws IOException {
        assertEquals("equal: these inputs yield that digest\n", measure("--explain", FULL).assertGood().out());
        String other = measure("--guest-features", "0x21").out().strip();
        assertEquals("found: guest features are 0x21 instead of 0x1: DebugVirtualization is set\n",
                measure("--explain", other).assertGood().out());
        CommandRun unknown = measure("--explain", "0".repeat(96));
        assertEquals(1, unknown.status());
        assertTrue(unknown.out().startsWith("not found; tried:"), unknown.out());
        assertTrue(unknown.out().contains("\n  VMM is gce instead of qemu\n"), unknown.out());
        measure("--explain", "00").assertUnusable("is not a digest: SHA-384 has 96 hex digits");
    }

    @Test
    void shouldSayWhatIsMissingOrIllegal() throws IOException {
        String zeroes = file("zeroes", new byte[8192]);
        CommandRun.of("measure", "--arch", "x86-snp", "--firmware", zeroes, "--vcpus", "1", "--vcpu-type", "EPYC")
                .assertUnusable("no table of GUIDs", "no SEV metadata");
        CommandRun.of("measure", "--arch", "x86-snp", "--firmware", zeroes, "--mode", "seves", "--vcpus", "1",
                "--vcpu-type", "EPYC").assertUnusable("no SEV-ES reset block");
        CommandRun sev = CommandRun.of("measure", "--arch", "x86-snp", "--firmware", zeroes, "--mode", "sev");
        assertEquals("9f1dcbc35c350d6027f98be0f5c8b43b42ca52b7604459c0c42be3aa88913d47\n", sev.assertGood().out());
        measure("--mode", "tdx").assertUnusable("option mode=tdx is not legal; legal: snp, seves, sev");
        measure("--kernel", "/does/not/exist").assertUnusable("option kernel=/does/not/exist cannot be read");
        measure("--initrd", zeroes).assertUnusable("goes with a kernel only");
    }

    private CommandRun measure(String... more) throws IOException {
        List<String> words = new ArrayList<>(words("--ovmf", firmware("fw-full")));
        words.addAll(List.of("--vcpus", "1", "--vcpu-type", "EPYC-v4"));
        words.addAll(Arrays.asList(more));
        return CommandRun.of(words.toArray(new String[0]));
    }

    private static List<String> words(String option, String firmware) {
        return List.of("measure", "--arch", "x86-snp", option, firmware);
    }

    private String firmware(String id) throws IOException {
        for (JsonNode image : VECTORS.path("firmware_images")) {
            if (image.path("id").stringValue().equals(id)) {
                return file(id, bytes(image.path("image")));
            }
        }
        throw new AssertionError("no firmware " + id);
    }

    private String file(String name, byte[] bytes) throws IOException {
        return Files.write(folder.resolve(name), bytes).toString();
    }

    private static byte[] bytes(JsonNode data) {
        if (data.has("base64")) {
            return Base64.getDecoder().decode(data.path("base64").stringValue());
        }
        JsonNode repeat = data.path("repeat");
        JsonNode filled = data.has("sparse") ? data.path("sparse") : repeat.isObject() ? repeat : data;
        byte[] bytes = new byte[filled.path("len").intValue()];
        Arrays.fill(bytes, (byte) filled.path("fill").asInt(0));
        byte[] piece = HexFormat.of().parseHex(repeat.path("hex").asString(""));
        for (int i = 0; i < bytes.length && piece.length > 0; i++) {
            bytes[i] = piece[i % piece.length];
        }
        for (JsonNode patch : filled.path("patches")) {
            byte[] hex = HexFormat.of().parseHex(patch.path("hex").stringValue());
            System.arraycopy(hex, 0, bytes, patch.path("off").intValue(), hex.length);
        }
        return bytes;
    }

    private static JsonNode vectors() {
        try (InputStream in = SnpMeasureTest.class.getResourceAsStream("/vectors/x86-snp.json")) {
            return JsonMapper.shared().readTree(Objects.requireNonNull(in));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
