package org.enclosure.cli.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.enclosure.cli.UnusableInput;
import org.enclosure.cli.script.ToyProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class VerifierTest {
    private static final VectorAdapter OTHER = new VectorAdapter() {
        @Override
        public String architecture() {
            return "other";
        }

        @Override
        public Set<String> sections() {
            return Set.of("elsewhere");
        }

        @Override
        public List<VectorCase> cases(String section, JsonNode node, JsonNode document) {
            throw new AssertionError("a section of another architecture was looked at");
        }
    };

    @TempDir Path folder = Path.of("");

    @Test
    void shouldCountEveryElementOfAListOrOfItsCases() throws IOException {
        VerifyReport report = run("""
                {"title": "t", "platform": {"x": 1}, "elsewhere": [{"id": "e"}],
                 "sums": {"source": "s", "cases": [{"id": "one", "a": 1, "b": "0x2", "sum": "3", "note": "n"},
                   {"id": "two", "a": "0xffffffffffffffff", "b": 0, "sum": 18446744073709551615}]},
                 "absent": [{"needs": "a file"}]}""", Set.of(), null);
        assertEquals(List.of(2, 0, 1), List.of(report.passed(), report.failed(), report.skipped()));
        assertEquals(List.of(new SectionReport.Remark("#1", "needs a file")), report.sections().get(1).skipped());
    }

    @Test
    void shouldShowTheFirstDifferenceOfACase() throws IOException {
        assertEquals("CALC.ADD sum expected 0x4 actual 0x3", failure("{'id': 'x', 'a': 1, 'b': 2, 'sum': 4}"));
    }

    @Test
    void shouldFailWhatNobodyKnows() throws IOException {
        assertEquals("unknown: CALC.SUB", failure("{'op': 'CALC.SUB', 'a': 1, 'b': 2, 'sum': 3}"));
        assertEquals("unknown: carry", failure("{'a': 1, 'b': 2, 'sum': 3, 'carry': 0}"));
        VerifyReport report = run("{'sums': [{'a': 1, 'b': 2, 'sum': 3}], 'products': []}", Set.of(), null);
        assertEquals(
                new SectionReport("products", 0, List.of(new SectionReport.Remark("products", "unknown: products")),
                        List.of()),
                report.sections().get(1));
        assertEquals(1, run("{'sums': {'cases': [], 'extra': 1}}", Set.of(), null).failed());
    }

    @ParameterizedTest
    @ValueSource(strings = {"{'a': 1, 'b': 2}", "{'a': 'x', 'b': 2, 'sum': 3}", "{'a': 1, 'b': 4096, 'sum': 3}", "7",
            "{'a': 1.5, 'b': 2, 'sum': 3}", "{'a': '0x10000000000000000', 'b': 2, 'sum': 3}"})
    void shouldFailACaseThatCannotBeRead(String one) throws IOException {
        failure(one);
    }

    @Test
    void shouldFailASectionThatIsNoList() throws IOException {
        assertEquals(1, run("{'sums': 3}", Set.of(), null).failed());
    }

    @Test
    void shouldFailACaseWhosePluginThrows() throws IOException {
        assertEquals("IllegalStateException: the plugin broke",
                run("{'broken': [{}]}", Set.of(), null).sections().get(0).failures().get(0).text());
    }

    @Test
    void shouldRunOnlyWhatIsAskedFor() throws IOException {
        String file = "{'sums': [{'id': 'x', 'a': 1, 'b': 2, 'sum': 3}, {'id': 'y', 'a': 1, 'b': 2, 'sum': 4}], 'broken': [{}]}";
        assertEquals(1, run(file, Set.of("sums"), "x").passed());
        assertEquals(0, run(file, Set.of(), "x").failed());
        assertTrue(unusable(file, Set.of("none"), null).contains("it holds sums, broken"));
        assertTrue(unusable(file, Set.of(), "z").contains("--case 'z' is not in sums, broken"));
    }

    @Test
    void shouldRefuseAFileWithoutASectionForTheArchitecture() throws IOException {
        assertTrue(
                unusable("{'elsewhere': []}", Set.of(), null).endsWith("has no section for toy; it holds elsewhere"));
    }

    @Test
    void shouldSayWhereAFileCannotBeParsed() throws IOException {
        assertTrue(unusable("{'sums': [\n1,,]}", Set.of(), null).contains("cannot be parsed at line 2, column"));
    }

    private String failure(String one) throws IOException {
        VerifyReport report = run("{'sums': [" + one + "]}", Set.of(), null);
        assertEquals(List.of(0, 1), List.of(report.passed(), report.failed()));
        return report.sections().get(0).failures().get(0).text();
    }

    private String unusable(String text, Set<String> only, @Nullable String caseId) {
        return String.valueOf(assertThrows(UnusableInput.class, () -> run(text, only, caseId)).getMessage());
    }

    private VerifyReport run(String text, Set<String> only, @Nullable String caseId) throws IOException {
        Path file = Files.writeString(folder.resolve("v.json"), text.replace('\'', '"'));
        return new Verifier(new ToyProvider(), List.of(new ToyAdapter(), OTHER)).run(VectorFile.read(file), only,
                caseId);
    }
}
