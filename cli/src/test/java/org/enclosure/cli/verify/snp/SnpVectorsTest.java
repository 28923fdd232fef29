package org.enclosure.cli.verify.snp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.enclosure.cli.verify.CaseSkipped;
import org.enclosure.cli.verify.OpenMachines;
import org.enclosure.cli.verify.SectionReport;
import org.enclosure.cli.verify.VectorCase;
import org.enclosure.cli.verify.VectorFile;
import org.enclosure.cli.verify.Verifier;
import org.enclosure.cli.verify.VerifyReport;
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.spi.ArchitectureProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The published vectors of SEV-SNP against the plugin, one test a case, and what the adapter says of wrong ones.
class SnpVectorsTest {
    private static final JsonNode PUBLISHED = JsonMapper.shared().readTree(published());
    private static final SnpAdapter ADAPTER = new SnpAdapter();
    @TempDir Path folder = Path.of("");

    static Stream<Arguments> cases() {
        return PUBLISHED.propertyNames().stream().filter(ADAPTER.sections()::contains)
                .flatMap(section -> ADAPTER.cases(section, PUBLISHED.path(section), PUBLISHED).stream()
                        .map(one -> Arguments.of(section + "/" + one.id(), one)));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void shouldPassThePublishedCase(String name, VectorCase one) {
        try (GuestMemorySystem system = GuestMemorySystem.builder().build();
                OpenMachines machines = new OpenMachines(system.architecture("x86-snp").provider())) {
            one.body().run(machines);
        } catch (CaseSkipped skipped) {
            assertTrue(name.startsWith("upstream_needs_repo_binary/"), name);
        }
    }

    @Test
    void shouldCountThePublishedCases() throws IOException {
        VerifyReport report = run(PUBLISHED);
        assertEquals(List.of(), report.sections().stream().flatMap(section -> section.failures().stream()).toList());
        assertEquals(
                List.of("launch_chains 34", "vmsa 29", "sev_hashes 4", "firmware_images 4", "end_to_end 25",
                        "upstream_tests 14", "upstream_other 3", "upstream_ec2_disagreement 2",
                        "upstream_needs_repo_binary 0", "codecs 62", "psc 33", "guest_psc_response_checks 7",
                        "rmp_scenarios 17"),
                report.sections().stream().map(section -> section.section() + " " + section.passed()).toList());
        assertEquals(List.of(234, 0, 5), List.of(report.passed(), report.failed(), report.skipped()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"launch_chains", "upstream_tests", "upstream_other", "upstream_ec2_disagreement", "vmsa",
            "sev_hashes", "firmware_images", "end_to_end", "psc", "guest_psc_response_checks", "rmp_scenarios"})
    void shouldSeeEachChangedValueOfASection(String section) throws IOException {
        JsonNode node = PUBLISHED.path(section);
        assertSeen(section, document(section, Mutations.of(node.isObject() ? node.path("cases") : node, "id")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"rmp_raw_entry", "rmp_state_struct", "rmp_geometry", "segmented_rmp", "ghcb_msr",
            "psc_entry"})
    void shouldSeeEachChangedValueOfACodec(String kind) throws IOException {
        ObjectNode document = JsonMapper.shared().createObjectNode();
        ArrayNode list = document.putObject("codecs").putArray(kind);
        Mutations.of(PUBLISHED.path("codecs").path(kind), "name").forEach(list::add);
        assertSeen("codecs", document);
    }

    private void assertSeen(String section, ObjectNode document) throws IOException {
        VerifyReport report = run(document);
        SectionReport changed = report.sections().stream().filter(one -> one.section().equals(section)).findFirst()
                .orElseThrow();
        Set<String> failed = new HashSet<>();
        changed.failures().forEach(failure -> failed.add(failure.id()));
        Set<String> unseen = new TreeSet<>();
        for (JsonNode list : section.equals("codecs") ? document.path(section) : document) {
            for (JsonNode one : list.isObject() ? list.path("cases") : list) {
                String id = one.path("id").asString(one.path("name").asString(""));
                if (id.contains("/") && failed.stream().noneMatch(name -> name.endsWith(id)) && !isFree(section, id)) {
                    unseen.add(id);
                }
            }
        }
        assertTrue(failed.size() > 1, section + " has no changed cases");
        assertEquals(Set.of(), unseen, section);
    }

    /// What may change without any difference: texts for people, digests that are not to come out, and inputs that mean nothing in
    /// their case.
    private static boolean isFree(String section, String id) {
        return switch (section) {
            case "end_to_end" -> id.endsWith("/error");
            case "launch_chains" -> id.endsWith("/must_not_equal_first_step");
            case "upstream_ec2_disagreement" -> id.endsWith("/sev_features");
            case "sev_hashes" -> id.endsWith("empty-all/kernel/fill");
            case "psc" -> id.contains("/linux_kvm_differs/");
            case "rmp_scenarios" -> !id.contains("/expect/") && !id.contains("/rmp_after/");
            case "guest_psc_response_checks" -> !id.endsWith("/verdict") || id.startsWith("ok-done");
            default -> false;
        };
    }

    private ObjectNode document(String section, List<ObjectNode> changed) {
        ObjectNode document = JsonMapper.shared().createObjectNode();
        if (section.equals("end_to_end")) {
            document.set("firmware_images", PUBLISHED.path("firmware_images"));
        }
        ArrayNode list = PUBLISHED.path(section).isObject()
                ? document.putObject(section).putArray("cases")
                : document.putArray(section);
        changed.forEach(list::add);
        return document;
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "'rmp_scenarios': [{'id': 'x', 'steps': [{'op': 'RMPFLY'}]}]|unknown: RMPFLY",
            "'rmp_scenarios': [{'id': 'x', 'colour': 1, 'steps': []}]|unknown: colour",
            "'rmp_scenarios': [{'id': 'x', 'steps': [{'op': 'PSMASH', 'spa': 0, 'speed': 1, 'expect': {'eax': 1}}]}]|unknown: speed",
            "'rmp_scenarios': [{'id': 'x', 'steps': [{'op': 'PSMASH', 'spa': 1, 'expect': {'eax': 0}}]}]|step 1 PSMASH eax expected 0x0 actual 0x1",
            "'codecs': {'smells': [{'name': 'x'}]}|unknown: smells",
            "'codecs': {'ghcb_msr': [{'name': 'x', 'value': 2, 'reg': 'EFX'}]}|unknown: reg EFX",
            "'launch_chains': [{'id': 'x', 'seed': '00', 'steps': [{'page_type': 'NORMAL', 'gpa': 0, 'len': 4096, 'data': {'fill': 0, 'len': 4096}}]}]|LAUNCH.EXTEND refused: ld has 1 bytes; legal is 48",
            "'launch_chains': [{'id': 'x', 'seed': '00', 'steps': [{'page_type': 'ODD', 'gpa': 0, 'len': 4096}]}]|unknown: page_type ODD",
            "'vmsa': [{'id': 'x', 'layout': 'ovmf', 'vmm': 'xen', 'vcpu_sig': 1, 'eip': 1, 'sev_features': 1}]|unknown: vmm xen",
            "'end_to_end': [{'id': 'x', 'firmware': 'nowhere', 'mode': 'SEV', 'digest': '00'}]|unknown: firmware nowhere",
            "'sev_hashes': [{'id': 'x', 'kernel': {'spill': 1, 'len': 2}}]|unknown: kernel spill len",
            "'guest_psc_response_checks': [{'id': 'x', 'before': {'cur': 0, 'end': 2}, 'after': {'cur': 3, 'end': 2}, 'verdict': 'panic'}]|unknown: verdict panic"})
    void shouldFailWhatNobodyKnowsAndWhatDiffers(String section, String message) throws IOException {
        VerifyReport report = run(JsonMapper.shared().readTree("{" + section.replace('\'', '"') + "}"));
        assertEquals(message, report.sections().getFirst().failures().getFirst().text());
        assertEquals(List.of(0, 1, 0), List.of(report.passed(), report.failed(), report.skipped()));
    }

    @Test
    void shouldNotPassAChainWhoseFirstStepIsTheWrongOne() throws IOException {
        JsonNode chain = PUBLISHED.path("launch_chains").path(0).deepCopy();
        ((ObjectNode) chain).set("must_not_equal_first_step", chain.path("steps").path(0).path("ld_after"));
        ObjectNode document = JsonMapper.shared().createObjectNode();
        document.putArray("launch_chains").add(chain);
        assertEquals(1, run(document).failed());
    }

    private VerifyReport run(JsonNode document) throws IOException {
        Path file = Files.writeString(folder.resolve("vectors.json"), document.toString());
        try (GuestMemorySystem system = GuestMemorySystem.builder().build()) {
            ArchitectureProvider provider = system.architecture("x86-snp").provider();
            return new Verifier(provider, List.of(ADAPTER)).run(VectorFile.read(file), Set.of(), null);
        }
    }

    private static String published() {
        try (InputStream in = SnpVectorsTest.class.getResourceAsStream("/vectors/x86-snp.json")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }
}
