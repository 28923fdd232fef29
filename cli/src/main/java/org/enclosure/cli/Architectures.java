package org.enclosure.cli;

import java.nio.file.Path;

import org.enclosure.api.GuestMemoryException;
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.core.plugin.FoundArchitecture;

/// How every command comes by its architectures.
final class Architectures {
    private final RootCommand root;

    Architectures(RootCommand root) {
        this.root = root;
    }

    /// Looks for plugins where the command line says. The caller closes what it gets.
    ///
    /// @throws UnusableInput if a plugin path cannot be used
    GuestMemorySystem load() {
        return GuestMemorySystem.builder().pluginPath(root.pluginPaths().toArray(Path[]::new)).build();
    }

    /// Finds one.
    ///
    /// @param what the name of the value in messages
    /// @throws UnusableInput if it is not there or broken; the message lists those present
    static FoundArchitecture find(GuestMemorySystem system, String what, String id) {
        try {
            return system.architecture(id);
        } catch (GuestMemoryException e) {
            throw new UnusableInput(what + ": " + Messages.of(e), e);
        }
    }
}
