package org.enclosure;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

import org.enclosure.api.Paging;

/// Finds what the module shows to others, in the compiled classes rather than in a list that somebody has to keep.
final class ExportedTypes {
    private ExportedTypes() {
    }

    /// The exported packages, by name.
    static Set<String> packages() {
        ModuleDescriptor module = ModuleFinder.of(classes()).findAll().iterator().next().descriptor();
        Set<String> names = new TreeSet<>();
        module.exports().forEach(e -> names.add(e.source()));
        return names;
    }

    /// The public and protected types of the exported packages, nested ones after the type that holds them.
    static List<Class<?>> all() {
        Path root = classes();
        try (Stream<Path> files = Files.walk(root)) {
            Set<String> exported = packages();
            return files.map(f -> root.relativize(f).toString())
                    .filter(f -> f.endsWith(".class") && !f.endsWith("-info.class"))
                    .map(f -> f.substring(0, f.length() - ".class".length()).replace('/', '.').replace('\\', '.'))
                    .filter(name -> exported.contains(name.substring(0, name.lastIndexOf('.')))).sorted()
                    .<Class<?>>map(ExportedTypes::load)
                    .filter(ExportedTypes::isVisible).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean isVisible(Class<?> type) {
        Class<?> holder = type.getDeclaringClass();
        return !type.isAnonymousClass() && (type.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0
                && (holder == null || isVisible(holder));
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName(name, false, ExportedTypes.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new AssertionError(e);
        }
    }

    private static Path classes() {
        try {
            return Path.of(Paging.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new AssertionError(e);
        }
    }
}
