package org.enclosure.core.loading;

import java.io.File;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// Where providers are looked for.
///
/// @param application the loader that the application's classes come from, and the parent of the plugin paths' loaders
/// @param layers the module layers that the application runs on
/// @param modulePath the entries of the module path: modules on it may be invisible because of what they do not declare
/// @param pluginPath jars and folders that the user named
record SearchScope(ClassLoader application, List<ModuleLayer> layers, List<Path> modulePath, List<Path> pluginPath) {
    SearchScope {
        layers = List.copyOf(layers);
        modulePath = List.copyOf(modulePath);
        pluginPath = List.copyOf(pluginPath);
    }

    /// The scope of this very program.
    static SearchScope here(List<Path> pluginPath) {
        Class<?> self = SearchScope.class;
        ModuleLayer layer = self.getModule().getLayer();
        List<ModuleLayer> layers = layer == null || layer == ModuleLayer.boot() ? List.of(ModuleLayer.boot())
                : List.of(layer, ModuleLayer.boot());
        ClassLoader loader = Objects.requireNonNullElse(self.getClassLoader(), ClassLoader.getSystemClassLoader());
        return new SearchScope(loader, layers, paths(System.getProperty("jdk.module.path", "")), pluginPath);
    }

    private static List<Path> paths(String joined) {
        List<Path> paths = new ArrayList<>();
        for (String entry : joined.split(File.pathSeparator, -1)) {
            if (!entry.isEmpty()) {
                paths.add(Path.of(entry));
            }
        }
        return paths;
    }
}
