package org.enclosure.core.loading;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.core.plugin.Finding;
import org.enclosure.core.plugin.FoundArchitecture;

/// What the loader found: the usable architectures by id, and everything that is wrong with the others.
public final class ArchitectureRegistry implements Closeable {
    private final Map<String, FoundArchitecture> usable = new LinkedHashMap<>();
    private final List<Finding> problems;
    private final List<Closeable> loaders;

    /// @param architectures ids are unique
    /// @param loaders the class loaders of the plugin paths
    ArchitectureRegistry(List<FoundArchitecture> architectures, List<Finding> problems,
            List<? extends Closeable> loaders) {
        architectures.forEach(a -> usable.put(a.id(), a));
        this.problems = List.copyOf(problems);
        this.loaders = List.copyOf(loaders);
    }

    /// The usable ones, the built-in first.
    public List<FoundArchitecture> architectures() {
        return List.copyOf(usable.values());
    }

    /// All findings.
    public List<Finding> problems() {
        return problems;
    }

    /// Finds a usable architecture.
    ///
    /// @throws GuestMemoryException ENOENT; the message says what is wrong with the one asked for, or lists those present
    public FoundArchitecture get(String id) {
        FoundArchitecture found = usable.get(id);
        if (found == null) {
            throw new GuestMemoryException(Errno.ENOENT, missing(id));
        }
        return found;
    }

    private String missing(String id) {
        String own = errors(f -> id.equals(f.architecture()));
        if (!own.isEmpty()) {
            return "architecture '" + id + "' cannot be used: " + own;
        }
        boolean noPlugin = usable.values().stream().allMatch(FoundArchitecture::builtIn);
        String present = usable.values().stream().map(FoundArchitecture::id).collect(Collectors.joining(", "));
        String nameless = errors(f -> f.architecture() == null);
        return "architecture '" + id + "' is not there; "
                + (noPlugin ? "no usable plugin was found, there is only the built-in: " : "there are: ")
                + present + "; plugins are found on the class path, on the module path and through --plugin-path"
                + (nameless.isEmpty() ? "" : "; not usable: " + nameless);
    }

    private String errors(Predicate<Finding> which) {
        return problems.stream().filter(f -> f.severity() == Finding.Severity.ERROR).filter(which).map(Finding::message)
                .collect(Collectors.joining("; "));
    }

    /// Closes the class loaders of the plugin paths.
    @Override
    public void close() {
        UncheckedIOException failure = null;
        for (Closeable loader : loaders) {
            try {
                loader.close();
            } catch (IOException e) {
                failure = new UncheckedIOException("closing a plugin path failed", e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
