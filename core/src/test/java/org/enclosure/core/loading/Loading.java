package org.enclosure.core.loading;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.List;

import org.enclosure.core.plugin.Finding;
import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.SpiVersion;
import org.enclosure.spi.VmType;

/// What the loader tests do again and again: load through a plugin path or a class path, and look at the findings.
public final class Loading {
    private Loading() {
    }

    /// Loads with plugin paths.
    static ArchitectureRegistry pluginPath(Path... paths) {
        return load(new SearchScope(parent(), List.of(), List.of(), List.of(paths)));
    }

    /// Loads with jars and folders on the class path of the application.
    static ArchitectureRegistry classPath(Path... entries) {
        return load(classPathScope(List.of(entries), List.of()));
    }

    /// A class path and plugin paths.
    static SearchScope classPathScope(List<Path> entries, List<Path> pluginPath) {
        URL[] urls = new URL[entries.size()];
        for (int i = 0; i < urls.length; i++) {
            try {
                urls[i] = entries.get(i).toUri().toURL();
            } catch (MalformedURLException e) {
                throw new AssertionError(e);
            }
        }
        return new SearchScope(new URLClassLoader(urls, parent()), List.of(), List.of(), pluginPath);
    }

    static ArchitectureRegistry load(SearchScope scope) {
        return new ArchitectureLoader(new BuiltIn(), scope).load();
    }

    static ClassLoader parent() {
        return Loading.class.getClassLoader();
    }

    /// The only finding has these parts in its message, and is an error.
    static Finding onlyError(ArchitectureRegistry registry, String... parts) {
        assertEquals(1, registry.problems().size(), () -> registry.problems().toString());
        Finding finding = registry.problems().getFirst();
        assertEquals(Finding.Severity.ERROR, finding.severity(), finding::message);
        assertParts(finding.message(), parts);
        return finding;
    }

    public static void assertParts(String message, String... parts) {
        assertEquals(1, message.lines().count(), message);
        for (String part : parts) {
            assertTrue(message.contains(part), () -> "'" + part + "' is not in: " + message);
        }
    }

    static boolean offers(ArchitectureRegistry registry, String id) {
        return registry.architectures().stream().anyMatch(a -> a.id().equals(id));
    }

    /// Stands for the platform that the engine brings itself.
    static final class BuiltIn implements ArchitectureProvider {
        @Override
        public String id() {
            return "software";
        }

        @Override
        public SpiVersion spiVersion() {
            return SpiVersion.current();
        }

        @Override
        public List<VmType> vmTypes() {
            return List.of();
        }

        @Override
        public Platform open(PlatformContext context) {
            throw new UnsupportedOperationException();
        }
    }
}
