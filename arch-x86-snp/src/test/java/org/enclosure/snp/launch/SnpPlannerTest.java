package org.enclosure.snp.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchResult;
import org.enclosure.spi.LaunchVariation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SnpPlannerTest {
    private static final Map<String, String> PLAIN = Map.of("vcpus", "2", "vcpu-type", "EPYC-v4");

    @TempDir Path folder = Path.of("");

    static Stream<Arguments> launches() {
        return Facts.rows("end-to-end.csv").stream().map(row -> Arguments.of(row[0], row));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("launches")
    void shouldMeasureTheRecordedLaunch(String id, String[] row) throws IOException {
        Map<String, String> options = new HashMap<>();
        options.put("mode", row[2].replace("SEV_SNP", "snp").replace("SEV_ES", "seves").replace("SEV", "sev"));
        options.put("vmm", row[3].toLowerCase(Locale.ROOT));
        options.put("vcpus", row[4]);
        options.put("vcpu-sig", row[5]);
        options.put("guest-features", row[6]);
        if (!row[7].isEmpty()) {
            options.put("kernel", file("kernel", row[7]));
            options.put("append", row[9]);
        }
        if (!row[8].isEmpty()) {
            options.put("initrd", file("initrd", row[8]));
        }
        if (row[10].isEmpty()) {
            assertThrows(FirmwareException.class, () -> measure(row[1], options), id);
            return;
        }
        LaunchResult result = measure(row[1], options);
        assertEquals(row[10], result.digest(), id);
        assertTrue(result.architectural());
        assertEquals(row[2].equals("SEV_SNP") ? "SHA-384" : "SHA-256", result.algorithm());
        for (LaunchVariation variation : SnpPlanner.INSTANCE.variations(options)) {
            LaunchOptions.parse(variation.options());
        }
    }

    @Test
    void shouldWriteALineForEachMeasuredPage() {
        LaunchResult result = measure("fw-full", PLAIN);
        assertEquals(1 + 9 + 3 + 1 + 1 + 1 + 1 + 2 + 2, result.transcript().size());
        assertTrue(result.transcript().getFirst().startsWith("NORMAL gpa=0xfffff000 contents="));
        assertTrue(result.transcript().getLast().startsWith("VMSA gpa=0xfffffffff000 contents="));
        assertTrue(result.transcript().getLast().endsWith(" ld=" + result.digest()));
    }

    @Test
    void shouldGoOnFromTheDigestAfterTheFirmware() {
        String line = measure("fw-full", PLAIN).transcript().getFirst();
        Map<String, String> seeded = with(PLAIN, "ovmf-hash", line.substring(line.length() - 96));
        assertEquals(measure("fw-full", PLAIN).digest(), measure("fw-full", seeded).digest());
        assertNotEquals(measure("fw-full", PLAIN).digest(),
                measure("fw-full", with(PLAIN, "ovmf-hash", "0".repeat(96))).digest());
    }

    @Test
    void shouldTakeAnImageElsewhereForAPayload() {
        Map<String, String> payload = Map.of("gpa", "0x100000");
        List<LaunchItem> items = SnpPlanner.INSTANCE.plan(image("fw-full"), payload);
        assertEquals(3, items.size());
        assertEquals(0x100, items.getFirst().gfn());
        String one = measure("fw-full", payload).digest();
        assertEquals(one, measure("fw-full", with(with(payload, "vcpus", "1"), "vcpu-type", "EPYC")).digest());
        assertNotEquals(one, measure("fw-full", with(payload, "vcpus", "2")).digest());
        assertEquals(measure("fw-full", PLAIN), measure("fw-full", with(PLAIN, "gpa", "0xfffff000")));
    }

    @Test
    void shouldExplainEachSingleChangeOfItsInputs() {
        assertExplained("guest features are 0x21 instead of 0x1: DebugVirtualization is set", "guest-features", "0x21");
        assertExplained("vCPU signature is 0xa00f11 (EPYC-Milan) instead of 0x800f12", "vcpu-type", "EPYC-Milan");
        assertExplained("number of vCPUs is 4 instead of 2", "vcpus", "4");
        assertExplained("VMM is gce instead of qemu", "vmm", "gce");
        assertExplained("page order is cpuid-last: the CPUID page after all others", "page-order", "cpuid-last");
        assertExplained("page order is image-last: the sections before the image", "page-order", "image-last");
        assertExplained("guest features are 0x201 instead of 0x1: SecureTSC is set", "guest-features", "0x201");
    }

    @Test
    void shouldExplainTwoChangesTogether() {
        Map<String, String> wanted = with(with(PLAIN, "vcpu-type", "EPYC-Genoa"), "vcpus", "8");
        assertEquals("vCPU signature is 0xa10f10 (EPYC-Genoa) instead of 0x800f12; number of vCPUs is 8 instead of 2",
                explain(PLAIN, measure("fw-full", wanted).digest()));
    }

    @Test
    void shouldExplainAnotherKernelCommandLine() throws IOException {
        Map<String, String> kernel = with(with(PLAIN, "kernel", file("kernel", "fill 1 5000")), "append", "a=b");
        assertEquals("the command line ends with a newline",
                explain(kernel, measure("fw-full", with(kernel, "append", "a=b\n")).digest()));
        assertEquals("no kernel hashes", explain(kernel, measure("fw-full", PLAIN).digest()));
        Map<String, String> initrd = with(kernel, "initrd", file("initrd", "fill 2 10"));
        assertEquals("no initrd", explain(initrd, measure("fw-full", kernel).digest()));
    }

    private void assertExplained(String change, String name, String value) {
        Map<String, String> wanted = new HashMap<>(PLAIN);
        wanted.put(name, value);
        assertEquals(change, explain(PLAIN, measure("fw-full", wanted).digest()));
    }

    private static String explain(Map<String, String> options, String digest) {
        for (LaunchVariation variation : SnpPlanner.INSTANCE.variations(options)) {
            if (measure("fw-full", variation.options()).digest().equals(digest)) {
                return variation.change();
            }
        }
        return "not found";
    }

    private String file(String name, String content) throws IOException {
        return Files.write(folder.resolve(name), Facts.bytes(content)).toString();
    }

    static Map<String, String> with(Map<String, String> options, String name, String value) {
        Map<String, String> changed = new HashMap<>(options);
        changed.put(name, value);
        return changed;
    }

    private static LaunchResult measure(String firmware, Map<String, String> options) {
        MemorySegment image = image(firmware);
        return SnpPlanner.INSTANCE.measure(SnpPlanner.INSTANCE.plan(image, options), image, options);
    }

    static MemorySegment image(String name) {
        return Facts.rows("firmware.csv").stream().filter(row -> row[0].equals(name))
                .map(row -> MemorySegment.ofArray(Facts.bytes(row[6]))).findFirst().orElseThrow();
    }
}
