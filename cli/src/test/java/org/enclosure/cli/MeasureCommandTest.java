package org.enclosure.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class MeasureCommandTest {
    private static final String NOTE = "note: software has no architectural launch measurement; this is the digest of a transcript of what is loaded\n";

    @TempDir Path folder = Path.of("");

    @Test
    void shouldPrintTheDigestAndNothingElse() throws IOException {
        CommandRun run = CommandRun.of("measure", "--arch", "software", "--firmware", firmware(8192));
        assertEquals(0, run.status());
        assertTrue(run.out().matches("[0-9a-f]{64}\n"), run.out());
        assertEquals(NOTE, run.err());
        Path file = folder.resolve("digest");
        assertEquals("", CommandRun.of("measure", "--arch", "software", "--ovmf", firmware(8192), "--output",
                file.toString()).out());
        assertEquals(run.out(), Files.readString(file));
    }

    @Test
    void shouldShowEachStepWhenAsked() throws IOException {
        CommandRun run = CommandRun.of("measure", "--arch", "software", "--firmware", firmware(8192), "--transcript");
        assertEquals(3, run.out().lines().count());
    }

    @Test
    void shouldExplainADigestByTheNearestVariation() throws IOException {
        String[] plain = {"measure", "--arch", "software", "--firmware", firmware(4096), "--json"};
        JsonNode json = JsonMapper.shared().readTree(CommandRun.of(plain).out());
        String digest = json.path("digest").stringValue();
        CommandRun equal = CommandRun.of("measure", "--arch", "software", "--firmware", firmware(4096), "--explain",
                digest);
        assertEquals("equal: these inputs yield that digest\n", equal.out());
        CommandRun unknown = CommandRun.of("measure", "--arch", "software", "--firmware", firmware(4096), "--explain",
                "0".repeat(64));
        assertEquals(1, unknown.status());
        assertTrue(unknown.out().startsWith("not found; tried:"), unknown.out());
        CommandRun.of("measure", "--arch", "software", "--firmware", firmware(4096), "--explain", "abc")
                .assertUnusable("--explain 'abc' is not a digest: SHA-256 has 64 hex digits");
    }

    @Test
    void shouldRefuseWhatCannotBeMeasured() throws IOException {
        CommandRun.of("measure", "--arch", "software").assertUnusable("--firmware is missing");
        CommandRun.of("measure", "--arch", "software", "--firmware", "nowhere").assertUnusable(
                "--firmware 'nowhere' does not exist");
        CommandRun.of("measure", "--arch", "software", "--firmware", firmware(5000)).assertUnusable(
                "has 5000 bytes; legal is a positive multiple of 4096");
        CommandRun.of("measure", "--arch", "software", "--firmware", folder.toString()).assertUnusable(
                "is not a regular file");
        CommandRun.of("measure", "--arch", "software", "--firmware", firmware(4096), "--mode", "snp")
                .assertUnusable("mode");
        CommandRun.of("measure", "--arch", "software", "--config", "x").assertUnusable("--config is not for --arch");
        CommandRun.of("measure", "--arch", "nothing", "--firmware", "x").assertUnusable("nothing");
    }

    private String firmware(int bytes) throws IOException {
        Path file = folder.resolve("fw-" + bytes);
        return Files.write(file, new byte[bytes]).toString();
    }
}
