package org.enclosure.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandTest {
    @TempDir Path folder = Path.of("");

    @Test
    void shouldRefuseAnArchitectureThatHasNoVectors() throws IOException {
        String file = Files.writeString(folder.resolve("v.json"), "{\"title\": \"t\"}").toString();
        CommandRun.of("verify", "--arch", "software", file).assertUnusable("--arch 'software' has no vectors");
        CommandRun.of("verify", "--arch", "nothing", file).assertUnusable("nothing");
    }

    @Test
    void shouldRefuseAFileThatCannotBeRead() throws IOException {
        CommandRun.of("verify", "--arch", "software", "nowhere.json").assertUnusable(
                "vectors 'nowhere.json' does not exist");
        String file = Files.writeString(folder.resolve("v.json"), "[1]").toString();
        CommandRun.of("verify", "--arch", "software", file).assertUnusable("is not an object of sections");
    }
}
