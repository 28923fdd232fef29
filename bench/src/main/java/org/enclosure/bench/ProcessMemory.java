package org.enclosure.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// What the operating system says of this process's memory.
final class ProcessMemory {
    private static final Path ROLLUP = Path.of("/proc/self/smaps_rollup");

    private ProcessMemory() {
    }

    /// Bytes of memory that this process has committed; 0 where that cannot be found out.
    static long committed() {
        if (!Files.isReadable(ROLLUP)) {
            return 0;
        }
        try {
            for (String line : Files.readAllLines(ROLLUP)) {
                if (line.startsWith("Rss:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
                }
            }
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
