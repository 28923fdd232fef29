package org.enclosure.core.loading;

import java.io.IOException;
import java.net.JarURLConnection;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.Optional;

/// Where code lies: the jar or folder of a class or a resource.
final class CodeLocation {
    private CodeLocation() {
    }

    /// The jar, folder or module image that a class came from, for people.
    static String of(Class<?> type) {
        Module module = type.getModule();
        if (module.isNamed() && module.getLayer() != null) {
            Optional<URI> uri = module.getLayer().configuration().findModule(module.getName())
                    .flatMap(m -> m.reference().location());
            if (uri.isPresent()) {
                return path(uri.get()).map(Path::toString).orElse(uri.get().toString());
            }
        }
        CodeSource source = type.getProtectionDomain().getCodeSource();
        if (source == null || source.getLocation() == null) {
            return "an unknown place";
        }
        return path(source.getLocation()).map(Path::toString).orElse(source.getLocation().toString());
    }

    /// The jar or folder in which a loader found the resource `name` at `url`; empty if it does not lie in a file.
    static Optional<Path> root(URL url, String name) {
        try {
            if (url.openConnection() instanceof JarURLConnection jar) {
                return path(jar.getJarFileURL());
            }
        } catch (IOException _) {
            return Optional.empty();
        }
        String text = url.toString();
        return text.endsWith(name) ? path(URI.create(text.substring(0, text.length() - name.length())))
                : Optional.empty();
    }

    private static Optional<Path> path(URL url) {
        try {
            return path(url.toURI());
        } catch (URISyntaxException _) {
            return Optional.empty();
        }
    }

    /// The real path behind a `file` URI.
    static Optional<Path> path(URI uri) {
        try {
            return "file".equals(uri.getScheme()) ? Optional.of(Path.of(uri).toRealPath()) : Optional.empty();
        } catch (IOException | IllegalArgumentException | FileSystemNotFoundException _) {
            return Optional.empty();
        }
    }
}
