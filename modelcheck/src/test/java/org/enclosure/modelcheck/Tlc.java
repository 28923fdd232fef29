package org.enclosure.modelcheck;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Runs TLC on a model, in a JVM of its own: it keeps its state in statics and ends its JVM.
///
/// @param status TLC's exit status
/// @param output what it printed
record Tlc(int status, String output) {
    /// Exit status: all reachable states were looked at, and nothing was violated.
    static final int GOOD = 0;
    /// Exit status: an invariant does not hold.
    static final int INVARIANT_VIOLATED = 12;

    private static final Path MODELS = Path.of("src", "main", "resources", "tla");
    private static final List<String> MODULES = List.of("Invalidate", "InvalidateTrace");
    private static final long MINUTES = 20;
    private static final Pattern STATES = Pattern.compile("(\\d+) states generated, (\\d+) distinct states found");
    private static final Pattern DEPTH = Pattern.compile("The depth of the complete state graph search is (\\d+)");
    private static final Pattern VIOLATED = Pattern.compile("Invariant (\\w+) is violated");

    /// Checks a model.
    ///
    /// @param model name of the module
    /// @param configuration text of the configuration
    /// @param folder an empty folder for what TLC writes
    static Tlc check(String model, String configuration, Path folder) throws IOException, InterruptedException {
        for (String module : MODULES) {
            Files.copy(MODELS.resolve(module + ".tla"), folder.resolve(module + ".tla"));
        }
        Files.writeString(folder.resolve(model + ".cfg"), configuration);
        Path output = folder.resolve("output.txt");
        List<String> command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC", "-Xmx1g", "-Djava.io.tmpdir=" + folder, "-cp",
                System.getProperty("java.class.path"), "tlc2.TLC", "-workers", "1", "-config",
                model + ".cfg", model + ".tla");
        Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true)
                .redirectOutput(output.toFile()).start();
        if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly().waitFor();
            throw new AssertionError("TLC did not end within " + MINUTES + " minutes");
        }
        return new Tlc(process.exitValue(), Files.readString(output));
    }

    /// The text of a configuration beside the models.
    static String configuration(String name) throws IOException {
        return Files.readString(MODELS.resolve(name + ".cfg"));
    }

    /// How many distinct states there are.
    long states() {
        Matcher matcher = STATES.matcher(output);
        long states = 0;
        while (matcher.find()) {
            states = Long.parseLong(matcher.group(2));
        }
        return states;
    }

    /// How many states the longest of all shortest ways to a state has.
    int depth() {
        Matcher matcher = DEPTH.matcher(output);
        return matcher.find() ? Integer.parseInt(matcher.group(1)) : 0;
    }

    /// The invariant that does not hold, or an empty text.
    String violated() {
        Matcher matcher = VIOLATED.matcher(output);
        return matcher.find() ? matcher.group(1) : "";
    }
}
