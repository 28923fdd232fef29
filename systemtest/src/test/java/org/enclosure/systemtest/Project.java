package org.enclosure.systemtest;

import java.nio.file.Path;
import java.util.Objects;

/// Where the project's files are.
public final class Project {
    /// The folder of the checkout; tests run in the folder of their module.
    public static final Path ROOT = Objects.requireNonNull(Path.of("").toAbsolutePath().getParent(), "no folder above");

    private Project() {
    }
}
