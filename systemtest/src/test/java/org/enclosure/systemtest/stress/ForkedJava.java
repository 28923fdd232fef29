package org.enclosure.systemtest.stress;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A program in a JVM of its own: for what is chosen once per process, and for classes that are changed.
///
/// @param exitCode as the process gave it, [#TIMED_OUT] if it had to be ended
/// @param output standard output and error
public record ForkedJava(int exitCode, String output) {
    /// Exit code: the program did not end.
    public static final int TIMED_OUT = -1;

    private static final long MINUTES = 10;

    /// Starts to describe a run of `main`.
    public static Run of(Class<?> main) {
        return new Run(main);
    }

    /// The description of a run.
    public static final class Run {
        private final Class<?> main;
        private final List<String> options = new ArrayList<>(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx512m"));
        private String classPath = System.getProperty("java.class.path");

        Run(Class<?> main) {
            this.main = main;
        }

        /// Adds options of the JVM.
        public Run with(String... more) {
            options.addAll(List.of(more));
            return this;
        }

        /// Puts a folder of classes in front of the others.
        public Run with(Path folder) {
            classPath = folder + File.pathSeparator + classPath;
            return this;
        }

        /// Runs.
        public ForkedJava run(String... arguments) {
            List<String> all = new ArrayList<>(options);
            all.addAll(List.of("-cp", classPath, main.getName()));
            all.addAll(List.of(arguments));
            return ForkedJava.run(all);
        }
    }

    /// Runs a JVM with these arguments.
    public static ForkedJava run(List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(arguments);
        try {
            return execute(command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    private static ForkedJava execute(List<String> command) throws IOException, InterruptedException {
        Path output = Files.createTempFile("forked", ".txt");
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile())
                    .start();
            boolean ended = process.waitFor(MINUTES, TimeUnit.MINUTES);
            if (!ended) {
                process.destroyForcibly().waitFor();
            }
            return new ForkedJava(ended ? process.exitValue() : TIMED_OUT, Files.readString(output));
        } finally {
            Files.delete(output);
        }
    }
}
