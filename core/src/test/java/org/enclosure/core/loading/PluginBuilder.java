package org.enclosure.core.loading;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.apiguardian.api.API;
import org.enclosure.spi.ArchitectureProvider;
import org.jspecify.annotations.NullMarked;

/// Compiles and packs a plugin at test time, outside of the class path of the tests.
public final class PluginBuilder {
    private static final ToolProvider JAVAC = ToolProvider.findFirst("javac").orElseThrow();

    private final Path sources;
    private final Path classes;
    private final List<Path> files = new ArrayList<>();
    private final List<Path> libraries = new ArrayList<>();

    /// @param work an empty folder
    PluginBuilder(Path work) {
        sources = work.resolve("sources");
        classes = work.resolve("classes");
    }

    /// A provider that is declared in both places and has nothing wrong with it.
    public static PluginBuilder healthy(Path work, String className, String id) {
        return new PluginBuilder(work).source(className, ProviderSource.of(className, id).text()).services(className)
                .provides(className);
    }

    /// A provider that is declared in both places.
    static PluginBuilder declared(Path work, ProviderSource source) {
        return new PluginBuilder(work).source(source.className(), source.text()).services(source.className())
                .provides(source.className());
    }

    /// Adds a class.
    PluginBuilder source(String className, String text) {
        return write(sources.resolve(className.replace('.', '/') + ".java"), text, true);
    }

    /// Compiles against a jar that does not become part of the plugin.
    PluginBuilder library(Path jar) {
        libraries.add(jar);
        return this;
    }

    /// Writes the file in META-INF/services.
    PluginBuilder services(String... lines) {
        return write(classes.resolve(DeclarationReader.SERVICES), String.join("\n", lines), false);
    }

    /// Writes a module-info that provides these classes.
    PluginBuilder provides(String... providers) {
        String provides = providers.length == 0 ? ""
                : "provides " + ArchitectureProvider.class.getName() + " with " + String.join(", ", providers) + ";";
        return write(sources.resolve("module-info.java"),
                "module plugin.under.test { requires org.enclosure.api; " + provides + " }", true);
    }

    /// Compiles into a folder of classes.
    Path folder() {
        List<String> arguments = new ArrayList<>(
                List.of("-proc:none", "-nowarn", "--release", "25", "-d", classes.toString()));
        String api = Stream
                .concat(Stream.of(ArchitectureProvider.class, API.class, NullMarked.class).map(CodeLocation::of),
                        libraries.stream().map(Path::toString))
                .collect(Collectors.joining(File.pathSeparator));
        arguments.addAll(List.of(files.stream().anyMatch(f -> f.endsWith("module-info.java")) ? "-p" : "-cp", api));
        files.forEach(f -> arguments.add(f.toString()));
        StringWriter errors = new StringWriter();
        int status = JAVAC.run(new PrintWriter(errors), new PrintWriter(errors), arguments.toArray(String[]::new));
        assertEquals(0, status, errors::toString);
        return classes;
    }

    /// Compiles and packs into a jar.
    public Path jar(Path file) {
        return pack(folder(), file);
    }

    /// Packs a folder into a jar.
    static Path pack(Path folder, Path file) {
        try (OutputStream out = Files.newOutputStream(file);
                JarOutputStream jar = new JarOutputStream(out);
                Stream<Path> all = Files.walk(folder)) {
            for (Path each : all.filter(Files::isRegularFile).toList()) {
                jar.putNextEntry(new JarEntry(folder.relativize(each).toString()));
                Files.copy(each, jar);
            }
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private PluginBuilder write(Path file, String text, boolean isSource) {
        try {
            Files.createDirectories(file.getParent());
            Files.writeString(file, text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (isSource) {
            files.add(file);
        }
        return this;
    }
}
