package org.enclosure.fuzz.cli;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import com.code_intelligence.jazzer.junit.FuzzTest;

/// Any command line: a word a line. What would run long or write files is turned into what does not.
class CommandLineFuzzTest {
    private static final int MOST_WORDS = 16;

    /// What follows these commands, so that they look at everything that was given and then find nothing to run.
    private static final Map<String, List<String>> TAMED = Map.of("run", List.of("--arch", "nowhere"), "bench",
            List.of("nothing"));

    @FuzzTest(maxDuration = "10m")
    void shouldKeepItsPromisesOnAnyCommandLine(byte[] data) {
        String text = new String(data, StandardCharsets.UTF_8);
        if (text.contains("--output") || text.contains("--stacktrace")) {
            return;
        }
        Answer.of(words(text)).check(data);
    }

    private static List<String> words(String text) {
        List<String> words = new ArrayList<>();
        for (String word : text.split("\n", MOST_WORDS)) {
            words.add(word);
            words.addAll(TAMED.getOrDefault(word, List.of()));
        }
        return words;
    }
}
