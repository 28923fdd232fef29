package org.enclosure.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;

class ScriptCommandTest {
    private static final Path PUBLISHED = Path.of("..", "docs", "scripts");

    @TempDir Path folder = Path.of("");

    static List<Path> published() throws IOException {
        try (Stream<Path> files = Files.list(PUBLISHED)) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("published")
    void shouldPassEveryPublishedScript(Path file) {
        assertTrue(CommandRun.of("script", file.toString()).assertGood().out().endsWith(" steps passed\n"));
        assertEquals(List.of(),
                SchemaCheck.errors("script.schema.json", YAMLMapper.builder().build().readTree(file.toFile())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"arch\": \"x\", \"steps\": []}", "{\"arch\": \"x\", \"steps\": [{}]}",
            "{\"arch\": \"x\", \"steps\": [{\"op\": \"X\", \"in\": {\"a\": 1.5}}]}",
            "{\"arch\": \"x\", \"step\": [], \"steps\": [{\"op\": \"X\"}]}",
            "{\"arch\": \"x\", \"steps\": [{\"op\": \"X\", \"repeat\": \"often\"}]}"})
    void shouldHaveASchemaThatRefusesWhatTheCommandRefuses(String text) throws IOException {
        assertFalse(SchemaCheck.errors("script.schema.json", JsonMapper.shared().readTree(text)).isEmpty());
        CommandRun.of("script", Files.writeString(folder.resolve("s.json"), text).toString()).assertUnusable();
    }

    @Test
    void shouldReportTheFirstDifference() throws IOException {
        String file = write(
                "arch: software\nsteps:\n- {op: FRAME.STATE, in: {pa: 0}, out: {owner: 0}}\n- {op: FRAME.STATE, in: {pa: 1}, out: {status: SUCCESS}}");
        CommandRun text = CommandRun.of("script", file);
        assertEquals(1, text.status());
        assertEquals(
                "step 2 FRAME.STATE: status expected 0x0 (SUCCESS) actual 0xffffffffffffffea (EINVAL)\n1 step passed of 2\n",
                text.out());
        assertEquals("", text.err());
        CommandRun json = CommandRun.of("script", "--json", file);
        assertEquals(1, json.status());
        JsonNode result = JsonMapper.shared().readTree(json.out());
        assertEquals("failed", result.get("outcome").stringValue());
        assertEquals(1, result.get("passed").intValue());
        assertEquals(2, result.at("/difference/step").intValue());
        assertEquals("0xffffffffffffffea (EINVAL)", result.at("/difference/actual").stringValue());
    }

    @Test
    void shouldSayInJsonThatAllPassed() throws IOException {
        String file = write("arch: software\nsteps: [{op: FRAME.STATE, in: {pa: 0}}]");
        JsonNode result = JsonMapper.shared().readTree(CommandRun.of("script", file, "--json").assertGood().out());
        assertEquals("ok", result.get("outcome").stringValue());
        assertTrue(result.get("difference").isNull());
    }

    @Test
    void shouldRunNothingWhenAStepCannotBeUsed() throws IOException {
        CommandRun.of("script", write("arch: software\nsteps: [{op: FRAME.STAT, in: {pa: 0}}]")).assertUnusable(
                "step 1: unknown operation 'FRAME.STAT'; nearest are FRAME.STATE, FRAME.CLAIM, ");
        CommandRun.of("script", write("arch: nosuch\nsteps: [{op: X}]")).assertUnusable("'nosuch'", "software");
        CommandRun.of("script", write("arch: software\nmachine: {options: {speed: 9}}\nsteps: [{op: X}]"))
                .assertUnusable("speed");
        CommandRun.of("script", write("arch: [\n")).assertUnusable("cannot be parsed at line ");
        CommandRun.of("script", write("arch: software\nsteps: [{op: FRAME.STATE, in: {pa: 0x1ffffffffffffffff}}]"))
                .assertUnusable("legal is");
    }

    private String write(String text) throws IOException {
        return Files.writeString(folder.resolve("s.yaml"), text).toString();
    }
}
