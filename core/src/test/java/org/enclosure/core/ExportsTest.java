package org.enclosure.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.module.ModuleDescriptor.Exports;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apiguardian.api.API;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/// The engine shows as little as it can.
class ExportsTest {
    private static final Path CLASSES = place(GuestMemorySystem.class);

    @Test
    void shouldExportTheEntryPointsAndWhatTheyTellOfPlugins() {
        Set<String> exported = ModuleFinder.of(CLASSES).findAll().iterator().next().descriptor().exports().stream()
                .map(Exports::source).collect(Collectors.toSet());
        assertEquals(Set.of("org.enclosure.core", "org.enclosure.core.boot", "org.enclosure.core.plugin"), exported);
    }

    @Test
    void shouldShowTheseTypesEachWithAPromise() throws Exception {
        List<String> shown = new ArrayList<>();
        for (String folder : List.of("org/enclosure/core", "org/enclosure/core/boot", "org/enclosure/core/plugin")) {
            for (Class<?> type : classes(folder)) {
                if (Modifier.isPublic(type.getModifiers())) {
                    shown.add(type.getName().substring("org.enclosure.core.".length()));
                    assertNotNull(type.getDeclaredAnnotation(API.class), () -> type + " has no @API");
                }
            }
            assertTrue(Class.forName(folder.replace('/', '.') + ".package-info").isAnnotationPresent(NullMarked.class),
                    folder);
        }
        shown.sort(null); // folders list their files in any order
        assertEquals(
                List.of("GuestMemorySystem", "GuestMemorySystem$Builder", "boot.EnclosureModule", "boot.PluginPath",
                        "plugin.Finding", "plugin.Finding$Severity", "plugin.FoundArchitecture"),
                shown);
    }

    private static Path place(Class<?> type) {
        return Path.of(URI.create(type.getProtectionDomain().getCodeSource().getLocation().toString()));
    }

    private static List<Class<?>> classes(String folder) throws IOException, ClassNotFoundException {
        List<Class<?>> classes = new ArrayList<>();
        try (Stream<Path> files = Files.list(CLASSES.resolve(folder))) {
            for (Path file : files.filter(f -> f.toString().endsWith(".class") && !f.endsWith("package-info.class"))
                    .sorted().toList()) {
                String name = CLASSES.relativize(file).toString();
                classes.add(Class.forName(name.substring(0, name.length() - ".class".length()).replace('/', '.')));
            }
        }
        return classes;
    }
}
