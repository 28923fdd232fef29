package org.enclosure.cli.verify.pkvm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;

import org.enclosure.cli.verify.SectionReport;
import org.enclosure.cli.verify.VectorFile;
import org.enclosure.cli.verify.Verifier;
import org.enclosure.cli.verify.VerifyReport;
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.spi.ArchitectureProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The published vectors of arm64 pKVM against the plugin, and what the adapter says of wrong ones.
class PkvmVectorsTest {
    @TempDir Path folder = Path.of("");

    @Test
    void shouldPassEveryPublishedCase() throws IOException {
        VerifyReport report = run(published());
        assertEquals(List.of(), report.sections().stream().flatMap(section -> section.failures().stream()).toList());
        assertEquals(List.of("pkvm_ownership_selftest 72", "pkvm_guest_hvc 14", "pkvm_sequences 20"),
                report.sections().stream().map(section -> section.section() + " " + section.passed()).toList());
        assertEquals(List.of(106, 0, 0), List.of(report.passed(), report.failed(), report.skipped()));
    }

    @Test
    void shouldMakeOneFailureOfOneWrongRow() throws IOException {
        String row = "\"step\": \"S4.0\", \"variant\": \"mainline + android\", \"op\": \"host_share_ffa\", \"arg\": \"\", \"expected\": \"0\"";
        String published = published();
        assertTrue(published.contains(row));
        VerifyReport report = run(published.replace(row, row.replace("\"0\"", "\"-EPERM\"")));
        assertEquals(1, report.failed());
        assertEquals(
                new SectionReport.Remark("S4.0", "with android16 host_share_ffa ret expected -EPERM actual 0"),
                report.sections().getFirst().failures().getFirst());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
            "'op': 'host_fly'|unknown: HYP.HOST_FLY",
            "'op': 'host_share_hyp', 'speed': 1|unknown: speed",
            "'op': 'host_share_hyp', 'effect': 'page painted'|unknown: effect page painted",
            "'op': 'host_share_hyp', 'effect': 'page zeroed'|step 1 host_share_hyp page expected zero actual not zero",
            "'op': 'host_share_hyp', 'pins': 1|step 1 host_share_hyp pins expected 1 actual 0",
            "'op': 'host_share_hyp', 'gfn': 'x'|unknown: gfn x"})
    void shouldFailAStepThatIsUnknownOrDiffers(String step, String message) throws IOException {
        String text = "{'pkvm_sequences': [{'id': 'one', 'init': {'host': 'OWNED', 'hyp': 'NOPAGE', 'annotation': '-'}, "
                + "'steps': [{'ret': '0', 'host': 'SHARED_OWNED', 'hyp': 'SHARED_BORROWED', 'owner': '-', " + step
                + "}]}]}";
        assertEquals(message, failure(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"'variant': 'windows'|unknown: variant windows",
            "'page': 'burnt'|unknown: page burnt",
            "'page': 'OWNED by guest', 'after': 'guest SHARED_OWNED, host OWNED'|GUEST.HVC host expected OWNED actual SHARED_BORROWED",
            "'page': 'not mapped'|GUEST.HVC returned expected 1 actual 0",
            "'page': 'already shared'|GUEST.HVC r0 expected 0 actual 0xfffffffffffffffd"})
    void shouldFailACallThatIsUnknownOrDiffers(String members, String message) throws IOException {
        assertEquals(message, failure("{'pkvm_guest_hvc': [{'fid': '0xC6000003', 'name': 'n', 'args': ['ipa', 0, '0'], "
                + "'r': ['0'], " + members + "}]}"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"0xC6000003|'ipa', 4, 0|0, 1|android", "0xC6000004|'ipa', 0, 0|-3|mainline",
            "0xC6000003|'ipa+8', 0, 0|-3|mainline", "0xC6000002|0, 0, 0|4096, 1|android",
            "0xC6000009|'ipa', 0, 0|-1|mainline", "0xC6000004|'ipa', '0', 0|'-3'|mainline + android",
            "0xC6000003|'ipa', 0, 0|0|Android 16", "0xC6000007|'ipa', 0, 0|-3|7.1",
            "0xC6000007|'unmapped ipa', 0|0|union",
            "0xC6000003|'ipa+0x1000', 0, 0||mainline", "0xC6000009|'ipa', 0, 1|-3|union",
            "0x86000001||-1|mainline", "0xC6000003|'ipa', 1, 0|-3|mainline (R2 must be zero); Android: 1 is valid"})
    void shouldUnderstandEveryFormOfOperand(String fid, @Nullable String arguments, @Nullable String results,
            String variant) throws IOException {
        VerifyReport report = run("{'pkvm_guest_hvc': [{'fid': '" + fid + "', 'args': [" + text(arguments) + "], 'r': ["
                + text(results) + "], 'page': 'OWNED by guest', 'variant': '" + variant + "'}]}");
        assertEquals(List.of(), report.sections().getFirst().failures());
    }

    private static String text(@Nullable String list) {
        return list == null ? "" : list;
    }

    @Test
    void shouldRunRowsOnAKernelWithoutProtectedGuests() throws IOException {
        String states = "'hyp': 'NOPAGE', 'guest_gfn': 'np:NOPAGE p:NOPAGE', 'guest_gfn1': 'np:NOPAGE p:NOPAGE'";
        VerifyReport report = run("{'pkvm_ownership_selftest': [{'variant': '6.18', 'op': 'hyp_donate_host', "
                + "'expected': '0', 'host': 'OWNED', " + states + "}, {'variant': '6.18', 'op': 'host_share_ffa', "
                + "'arg': '', 'expected': 0, 'host': 'SHARED_OWNED', " + states + "}]}");
        assertEquals(List.of(), report.sections().getFirst().failures());
        assertEquals(2, report.passed());
    }

    private String failure(String text) throws IOException {
        VerifyReport report = run(text);
        assertEquals(1, report.failed());
        return report.sections().getFirst().failures().getFirst().text();
    }

    private VerifyReport run(String text) throws IOException {
        return run(text, null);
    }

    private VerifyReport run(String text, @Nullable String caseId) throws IOException {
        Path file = Files.writeString(folder.resolve("vectors.json"), text.replace('\'', '"'));
        try (GuestMemorySystem system = GuestMemorySystem.builder().build()) {
            ArchitectureProvider provider = system.architecture("arm64-pkvm").provider();
            return new Verifier(provider, List.of(new PkvmAdapter())).run(VectorFile.read(file), Set.of(), caseId);
        }
    }

    private static String published() throws IOException {
        try (InputStream in = Objects
                .requireNonNull(PkvmVectorsTest.class.getResourceAsStream("/vectors/arm64-pkvm.json"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
