package org.enclosure.core.loading;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.FindException;
import java.lang.module.InvalidModuleDescriptorException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.zip.ZipFile;

import org.enclosure.spi.ArchitectureProvider;
import org.jspecify.annotations.Nullable;

/// Reads what one jar or folder declares, without loading any of its classes.
final class DeclarationReader {
    /// The provider-configuration file of the service.
    static final String SERVICES = "META-INF/services/" + ArchitectureProvider.class.getName();
    /// The module descriptor.
    static final String MODULE_INFO = "module-info.class";

    private final Path root;
    private final List<String> unreadable = new ArrayList<>();

    private DeclarationReader(Path root) {
        this.root = root;
    }

    /// Reads the declaration of a jar or folder.
    static Declaration read(Path root) {
        return new DeclarationReader(root).read();
    }

    private Declaration read() {
        byte @Nullable [] services = null;
        byte @Nullable [] moduleInfo = null;
        try {
            services = entry(SERVICES);
            moduleInfo = entry(MODULE_INFO);
        } catch (IOException e) {
            unreadable.add("it cannot be read (" + OneLine.of(e) + ")");
        }
        List<String> inServices = services == null ? List.of() : classNames(services);
        if (moduleInfo != null) {
            return explicit(moduleInfo, inServices);
        }
        String module = inServices.isEmpty() ? null : automaticName();
        return new Declaration(root.toString(), module, false, List.of(), inServices, unreadable);
    }

    private Declaration explicit(byte[] moduleInfo, List<String> inServices) {
        String name = null;
        List<String> provided = List.of();
        try {
            ModuleDescriptor descriptor = ModuleDescriptor.read(new ByteArrayInputStream(moduleInfo));
            name = descriptor.name();
            provided = descriptor.provides().stream()
                    .filter(p -> p.service().equals(ArchitectureProvider.class.getName()))
                    .flatMap(p -> p.providers().stream()).toList();
        } catch (IOException | InvalidModuleDescriptorException e) {
            unreadable.add("its module-info cannot be read (" + OneLine.of(e) + ")");
        }
        return new Declaration(root.toString(), name, true, provided, inServices, unreadable);
    }

    /// The name that the module system gives to a jar without a descriptor; null where it refuses the jar. A folder without a
    /// descriptor is no module.
    private @Nullable String automaticName() {
        if (Files.isDirectory(root)) {
            return null;
        }
        try {
            return ModuleFinder.of(root).findAll().stream().map(m -> m.descriptor().name()).findFirst().orElse(null);
        } catch (FindException _) {
            return null;
        }
    }

    private byte @Nullable [] entry(String name) throws IOException {
        if (Files.isDirectory(root)) {
            Path file = root.resolve(name);
            return Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
        }
        try (JarFile jar = new JarFile(root.toFile(), false, ZipFile.OPEN_READ, Runtime.version())) {
            JarEntry entry = jar.getJarEntry(name);
            if (entry == null) {
                return null;
            }
            try (InputStream in = jar.getInputStream(entry)) {
                return in.readAllBytes();
            }
        }
    }

    private List<String> classNames(byte[] services) {
        List<String> names = new ArrayList<>();
        int number = 0;
        for (String line : new String(services, StandardCharsets.UTF_8).lines().toList()) {
            number++;
            int comment = line.indexOf('#');
            String name = (comment < 0 ? line : line.substring(0, comment)).strip();
            if (name.isEmpty()) {
                continue;
            }
            if (isClassName(name)) {
                names.add(name);
            } else {
                unreadable.add("line " + number + " of " + SERVICES + " is no class name: '" + name + "'");
            }
        }
        return names;
    }

    private static boolean isClassName(String name) {
        return Character.isJavaIdentifierStart(name.codePointAt(0))
                && name.codePoints().allMatch(c -> c == '.' || Character.isJavaIdentifierPart(c));
    }
}
