package org.enclosure.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.io.TempDir;

/// Whatever is given, the command keeps its promises: a status of 0 to 2, nothing on standard output with 2, three lines.
/// `-Denclosure.seed=N` repeats a run.
class RandomInputTest {
    private static final String[] WORDS = {"run", "plugins", "ops", "script", "boot", "--arch", "--json", "--memory",
            "--vcpus", "--policy",
            "--image", "--seed", "--plugin-path", "--verbose", "--", "-", "", "=", "software", "1", "0", "-1", "4G",
            "page=4k", "a,b", ",",
            "--arch=software", "--memory=64M", "--vcpus=2", "/nonexistent", "/dev/null", "@x", "\n", "\u001b[1m",
            "\ud800", "${sys:user.home}",
            "%s%n", "--no-json", "-h1", "--=x"};

    private static final String PUNCTUATION = "{}[]:,-'\"&*!|>%@`#?\n\t ~";

    @TempDir Path folder = Path.of("");
    private final long seed = Long.getLong("enclosure.seed", System.nanoTime());
    private final Random random = new Random(seed);

    @BeforeEach
    void tellSeed(TestReporter reporter) {
        reporter.publishEntry("enclosure.seed", Long.toString(seed));
    }

    @Test
    void shouldKeepItsPromisesOnAnyCommandLine() {
        for (int i = 0; i < 200; i++) {
            List<String> words = new ArrayList<>();
            for (int n = random.nextInt(7); n > 0; n--) {
                words.add(WORDS[random.nextInt(WORDS.length)]);
            }
            check(CommandRun.of(CommandRun.refusing("no guest here"), Map.of(), words.toArray(String[]::new)));
        }
    }

    @Test
    void shouldKeepItsPromisesOnAnyScript() throws IOException {
        byte[] good = Files.readAllBytes(Path.of("..", "docs", "scripts", "software-frames.yaml"));
        for (int i = 0; i < 200; i++) {
            Path file = Files.write(folder.resolve(random.nextBoolean() ? "s.yaml" : "s.json"), mutated(good));
            check(CommandRun.of("script", file.toString()));
        }
    }

    private byte[] mutated(byte[] good) {
        StringBuilder text = new StringBuilder(new String(good, StandardCharsets.ISO_8859_1));
        for (int n = 1 + random.nextInt(4); n > 0; n--) {
            int at = random.nextInt(text.length() - 8);
            switch (random.nextInt(4)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.setCharAt(at, (char) random.nextInt(256));
                case 2 -> text.insert(at, text.substring(at, at + 1 + random.nextInt(7)));
                default -> text.insert(at, PUNCTUATION.charAt(random.nextInt(PUNCTUATION.length())));
            }
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private void check(CommandRun run) {
        assertTrue(run.status() >= 0 && run.status() <= 2, () -> run + " seed " + seed);
        if (run.status() == 2) {
            run.assertUnusable();
        } else {
            assertEquals("", run.err(), () -> run + " seed " + seed);
        }
    }
}
