package org.enclosure.fuzz.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Where a target puts the bytes that a command is to read. One file per name, written over and over.
final class InputFolder {
    private final Path folder;

    InputFolder() {
        try {
            folder = Files.createTempDirectory("enclosure-fuzz");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        folder.toFile().deleteOnExit();
    }

    /// Writes a file.
    ///
    /// @return its path
    String write(String name, byte[] bytes) {
        Path file = folder.resolve(name);
        file.toFile().deleteOnExit();
        try {
            return Files.write(file, bytes).toString();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
