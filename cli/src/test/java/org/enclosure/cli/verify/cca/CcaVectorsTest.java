package org.enclosure.cli.verify.cca;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.ServiceLoader;
import java.util.Set;

import org.enclosure.cli.verify.SectionReport;
import org.enclosure.cli.verify.VectorFile;
import org.enclosure.cli.verify.Verifier;
import org.enclosure.cli.verify.VerifyReport;
import org.enclosure.spi.ArchitectureProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The published vectors pass, and a change of any kind of expectation fails.
class CcaVectorsTest {
    @TempDir Path folder = Path.of("");

    @Test
    void shouldPassAllPublishedCases() throws URISyntaxException {
        VerifyReport report = run(published());
        Map<String, Integer> passed = new LinkedHashMap<>();
        report.sections().forEach(section -> passed.put(section.section(), section.passed()));
        assertEquals(List.of(), report.sections().stream().flatMap(one -> one.failures().stream()).toList());
        assertEquals(Map.of("rim", 26, "cca_scenarios", 25, "cca_fuzz", 35), passed);
        assertEquals(0, report.skipped());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "{\"state\": \"NS\", \"refcount\": 0, \"pas\": \"NS\", \"all_zero\": false} | "
                    + "{\"state\": \"NS\", \"refcount\": 1, \"pas\": \"NS\", \"all_zero\": false} | refcount",
            "\"host_read64\": \"0x80005000\", \"out\": \"GPF\" | \"host_read64\": \"0x80005000\", \"out\": \"0x0\" | host_read64",
            "\"x2\": \"0x40400000\" | \"x2\": \"0x40600000\" | x2",
            "\"hpfar\": \"0x40\" | \"hpfar\": \"0x41\" | exit hpfar",
            "\"emulated\": \"0x1122334455667788\" | \"emulated\": \"0x0\" | emulated",
            "\"by\": \"host\" | \"by\": \"rmm\" | by",
            "6739dfb22b75 | 6739dfb22b76 | rim",
            "\"x\": [\"0x0\", \"0x5000\", \"0x2\"] | \"x\": [\"0x0\", \"0x5000\", \"0x1\"] | x",
            "\"pas\": \"ns\" | \"pas\": \"realm\" | pas",
            "\"reason\": \"HOST_CALL\" | \"reason\": \"IRQ\" | exit reason",
            "\"smc\": \"RMI_RTT_FOLD\" | \"smc\": \"RMI_RTT_UNROLL\" | unknown: RMI_RTT_UNROLL",
            "[\"wfi\"] | [\"wfx\"] | unknown: wfx",
            "\"undef\": true | \"undefined\": true | unknown: undefined",
            "\"check_granule\" | \"check_grain\" | unknown: check_grain"})
    void shouldFailWhenAnExpectationIsAnother(String from, String to, String said) throws IOException,
            URISyntaxException {
        String text = Files.readString(published());
        assertTrue(text.contains(from), from);
        Path changed = Files.writeString(folder.resolve("changed.json"), text.replace(from, to));
        List<SectionReport.Remark> failures = run(changed).sections().stream()
                .flatMap(section -> section.failures().stream()).toList();
        assertTrue(!failures.isEmpty() && failures.getFirst().text().contains(said), () -> failures.toString());
    }

    private static VerifyReport run(Path file) {
        ArchitectureProvider cca = ServiceLoader.load(ArchitectureProvider.class).stream()
                .map(ServiceLoader.Provider::get).filter(provider -> provider.id().equals("cca")).findFirst()
                .orElseThrow();
        return new Verifier(cca, List.of(new CcaAdapter())).run(VectorFile.read(file), Set.of(), null);
    }

    private static Path published() throws URISyntaxException {
        return Path.of(Objects.requireNonNull(CcaVectorsTest.class.getResource("/vectors/cca.json")).toURI());
    }
}
