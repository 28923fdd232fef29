package org.enclosure.tck.schedule.scene;

import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.tck.plugin.Plugin;

/// The VM that acts run on.
///
/// @param providerClass class name of the plugin
/// @param type id of the VM type
/// @param page policy for the largest folio
/// @param startsShared whether all pages are shared at first
public record SceneConfig(String providerClass, String type, String page, boolean startsShared) {
    private static final long MEMORY = 16L << 20;

    ArchitectureProvider provider() {
        try {
            return Class.forName(providerClass).asSubclass(ArchitectureProvider.class).getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new LinkageError("the plugin cannot be made anew: " + e.getMessage(), e);
        }
    }

    Plugin plugin(ArchitectureProvider provider) {
        return Plugin.of(provider).withMemory(MEMORY);
    }
}
