package org.enclosure.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// The command with the guest behind it.
class RealRunTest {
    @TempDir Path folder = Path.of("");

    @Test
    void shouldBootTheGuestAndDescribeItBySchema() {
        CommandRun run = boot("run", "--arch", "software", "--memory", "64M", "--json");
        assertEquals("", run.err());
        SchemaCheck.assertValid("run.schema.json", run.out());
        JsonNode report = JsonMapper.shared().readTree(run.out());
        assertEquals(run.status() == 0 ? "ok" : "failed", report.get("outcome").stringValue());
        assertEquals("software", report.at("/architectures/0/id").stringValue());
        assertTrue(report.at("/architectures/0/measurement").isNull(), "software has no architectural measurement");
        assertEquals("SHA-256", report.at("/architectures/0/transcript/algorithm").stringValue());
        assertTrue(report.at("/architectures/0/attacks").size() > 10, run.out());
    }

    @Test
    void shouldRefuseWhatTheGuestOrTheVmTypeCannotUse() throws IOException {
        boot("run", "--arch", "nosuch").assertUnusable("nosuch", "software");
        boot("run", "--arch", "software", "--policy", "trigger=both").assertUnusable("trigger=both", "explicit");
        boot("run", "--image", folder.resolve("missing.fd").toString()).assertUnusable("missing.fd");
        boot("run", "--image", folder.toString()).assertUnusable(folder.getFileName().toString());
        boot("run", "--image", Files.createFile(folder.resolve("empty.fd")).toString()).assertUnusable("empty.fd");
        boot("run", "--image", Files.write(folder.resolve("odd.fd"), new byte[4097]).toString())
                .assertUnusable("odd.fd");
        boot("run", "--memory", "16M", "--image",
                Files.write(folder.resolve("big\n.fd"), new byte[32 << 20]).toString())
                .assertUnusable("big\\n.fd");
    }

    private static CommandRun boot(String... args) {
        return CommandRun.of(Main.BOOT, Map.of(), args);
    }
}
