package org.enclosure.fuzz.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// Any file that a command reads. Where there are several architectures, the first byte says which.
class FileFuzzTest {
    private static final List<String> ARCHITECTURES = List.of("software", "test", "arm64-pkvm", "cca", "x86-snp",
            "x86-tdx");
    private static final Map<String, List<String>> NEEDED = Map.of("x86-snp",
            List.of("--vcpus", "1", "--vcpu-type", "EPYC-v4"));
    private static final int PAGE = 4096;

    /// A step may be repeated two thousand million times: that is no hang, but takes as long.
    private static final Pattern LONG_RUN = Pattern.compile("repeat\\W{1,8}\\w{5}");

    private static final InputFolder FOLDER = new InputFolder();

    @FuzzTest(maxDuration = "10m")
    void shouldUseOrRefuseAnyScript(byte[] data) {
        if (!LONG_RUN.matcher(new String(data, StandardCharsets.ISO_8859_1)).find()) {
            Answer.of(List.of("script", FOLDER.write("script.yaml", data))).check(data);
        }
    }

    @FuzzTest(maxDuration = "10m")
    void shouldUseOrRefuseAnyVectors(byte[] data) {
        if (data.length > 0) {
            Answer.of(List.of("verify", "--arch", architecture(data), FOLDER.write("vectors.json", rest(data))))
                    .check(data);
        }
    }

    @FuzzTest(maxDuration = "10m")
    void shouldMeasureOrRefuseAnyConfiguration(byte[] data) {
        Answer.of(List.of("measure", "--arch", "cca", "--transcript", "--config", FOLDER.write("realm.json", data)))
                .check(data);
    }

    @FuzzTest(maxDuration = "10m")
    void shouldMeasureOrRefuseAnyFirmware(byte[] data) {
        if (data.length > 0) {
            String architecture = architecture(data);
            List<String> words = new ArrayList<>(List.of("measure", "--arch", architecture, "--json", "--firmware",
                    FOLDER.write("firmware.fd", image(rest(data)))));
            words.addAll(NEEDED.getOrDefault(architecture, List.of()));
            Answer.of(words).check(data);
        }
    }

    private static String architecture(byte[] data) {
        return ARCHITECTURES.get((data[0] & 0xff) % ARCHITECTURES.size());
    }

    private static byte[] rest(byte[] data) {
        return Arrays.copyOfRange(data, 1, data.length);
    }

    /// Whole pages, at least one; the bytes stand at their end, where firmware keeps its tables.
    private static byte[] image(byte[] bytes) {
        byte[] image = new byte[Math.max(PAGE, (bytes.length + PAGE - 1) / PAGE * PAGE)];
        System.arraycopy(bytes, 0, image, image.length - bytes.length, bytes.length);
        return image;
    }
}
