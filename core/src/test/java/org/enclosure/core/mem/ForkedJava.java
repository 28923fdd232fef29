package org.enclosure.core.mem;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.enclosure.api.GuestMemoryException;

/// Runs a class of these tests in a JVM of its own, on the class path: for what is decided once per process.
///
/// @param exitCode as the process gave it
/// @param output standard output and error
public record ForkedJava(int exitCode, String output) {
    /// Runs `main` with JVM options.
    public static ForkedJava run(Class<?> main, String... options) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(options));
        command.addAll(List.of("-Xmx64m", "-cp", String.join(System.getProperty("path.separator"), root(main),
                root(Raw.class), root(GuestMemoryException.class)), main.getName()));
        try {
            Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return new ForkedJava(process.waitFor(), output);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /// The directory or jar that a class was loaded from; its module may be patched, so its code source does not tell.
    private static String root(Class<?> type) {
        String name = "/" + type.getName().replace('.', '/') + ".class";
        String url = String.valueOf(type.getResource(name));
        String root = url.substring(0, url.length() - name.length());
        if (root.startsWith("jar:")) {
            root = root.substring("jar:".length(), root.length() - "!".length());
        }
        return Path.of(URI.create(root)).toString();
    }
}
