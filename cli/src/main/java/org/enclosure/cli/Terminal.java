package org.enclosure.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether somebody is looking.
final class Terminal {
    private static final Path STANDARD_ERROR = Path.of("/proc/self/fd/2");

    private Terminal() {
    }

    /// Whether standard error is a terminal. `java.io.Console` knows only of standard input and output together, so the
    /// system is asked; where it has no such file, nothing is drawn.
    static boolean isStandardError() {
        if (!Files.isSymbolicLink(STANDARD_ERROR)) {
            return false;
        }
        try {
            String target = Files.readSymbolicLink(STANDARD_ERROR).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException e) {
            return false;
        }
    }
}
