package org.enclosure.core.loading;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// One entry of a plugin path or module path: a jar, a folder of jars, or a folder of classes.
///
/// @param given the entry as the user wrote it
/// @param roots the jars and class folders that it stands for, as real paths, jars by name
record PathEntry(Path given, List<Path> roots) {
    PathEntry {
        roots = List.copyOf(roots);
    }

    /// Resolves an entry.
    ///
    /// @throws IOException if there is no such file, it cannot be read, or it is a folder without jar or classes; the message
    ///         is for people
    static PathEntry of(Path given) throws IOException {
        if (!Files.exists(given)) {
            throw new IOException("does not exist");
        }
        if (!Files.isReadable(given)) {
            throw new IOException("is not readable");
        }
        Path real = given.toRealPath();
        if (!Files.isDirectory(real)) {
            return new PathEntry(given, List.of(real));
        }
        List<Path> roots = new ArrayList<>();
        if (isClassFolder(real)) {
            roots.add(real);
        }
        for (Path jar : jars(real)) {
            roots.add(jar.toRealPath());
        }
        if (roots.isEmpty()) {
            throw new IOException("holds neither a jar nor " + DeclarationReader.SERVICES);
        }
        return new PathEntry(given, roots);
    }

    private static boolean isClassFolder(Path folder) {
        return Files.isRegularFile(folder.resolve(DeclarationReader.MODULE_INFO))
                || Files.isRegularFile(folder.resolve(DeclarationReader.SERVICES));
    }

    private static List<Path> jars(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.getFileName().toString().endsWith(".jar") && Files.isRegularFile(f)).sorted()
                    .toList();
        }
    }
}
