package org.enclosure.cli.verify.tdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.stream.Collectors;

import org.enclosure.cli.verify.SectionReport;
import org.enclosure.cli.verify.VectorFile;
import org.enclosure.cli.verify.Verifier;
import org.enclosure.cli.verify.VerifyReport;
import org.enclosure.spi.ArchitectureProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The public vectors of `x86-tdx` pass completely, and what the adapter does not know fails.
class TdxVectorsTest {
    @TempDir private Path folder;

    private static Path vectors() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(TdxVectorsTest.class.getResource("/vectors/x86-tdx.json")).toURI());
    }

    private static VerifyReport verify(Path file) {
        ArchitectureProvider provider = ServiceLoader.load(ArchitectureProvider.class).stream()
                .map(ServiceLoader.Provider::get).filter(one -> one.id().equals("x86-tdx")).findFirst().orElseThrow();
        return new Verifier(provider, List.of(new TdxAdapter())).run(VectorFile.read(file), Set.of(), null);
    }

    @Test
    void shouldPassThePublicVectorsCompletely() throws URISyntaxException {
        VerifyReport report = verify(vectors());
        assertEquals(List.of(), report.sections().stream().flatMap(one -> one.failures().stream()).toList());
        assertEquals(Map.of("mrtd", 13, "tdvf_images", 2, "sequences", 20, "fuzz_sequences", 40, "status_decode", 29,
                "mapgpa_host", 79, "mapgpa_guest_loop", 8, "accept_guest_loop", 6),
                report.sections().stream().collect(Collectors.toMap(SectionReport::section, SectionReport::passed)));
        assertEquals(0, report.skipped());
    }

    /// One expected value at a time is changed: the comparison has to notice.
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            "stream_bytes": 6272|"stream_bytes": 6271
            "raw_data_size": "0x2000"|"raw_data_size": "0x1000"
            "mrtd_two_pass_per_section": "91|"mrtd_two_pass_per_section": "92
            "eeq": "0x1",|"eeq": "0x2",
            "vcpu_epoch": 2|"vcpu_epoch": 3
            "chldcnt": 9|"chldcnt": 10
            "details_l1": 7,|"details_l1": 8,
            "npages": 256|"npages": 255
            "tdcall6_rcx_count": 513|"tdcall6_rcx_count": 512
            ["0x800000300000", "0x400000"]|["0x800000300000", "0x300000"]
            "op": "STATE.INFO"|"op": "STATE.INFORMATION"
            "access": "rwx"|"access": "rwz"
            "byte_i": "(i*7+3) & 0xff"|"byte_i": "(i*7+3) & 0xfe"
            "gpaw": 52, "num_vcpus"|"gpaw": 52, "unheard_of": 1, "num_vcpus"
            "map_gpa_exit_enabled": false|"map_gpa_exit_enabled": 2
            """)
    void shouldFailWhenTheFileSaysSomethingElse(String old, String changed) throws IOException, URISyntaxException {
        String text = Files.readString(vectors(), StandardCharsets.UTF_8);
        assertTrue(text.contains(old), "nothing to change: " + old);
        Path file = Files.writeString(folder.resolve("changed.json"), text.replace(old, changed));
        assertTrue(verify(file).failed() > 0, "the change was not noticed");
    }
}
