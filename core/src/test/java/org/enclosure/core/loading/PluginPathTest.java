package org.enclosure.core.loading;

import static org.enclosure.core.loading.Loading.onlyError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.enclosure.core.plugin.Finding;
import org.enclosure.core.plugin.FoundArchitecture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginPathTest {
    @TempDir Path temp;

    @Test
    void shouldReportAPathThatDoesNotExist() {
        Path gone = temp.resolve("gone.jar");
        Finding finding = onlyError(Loading.pluginPath(gone), "plugin path '" + gone + "'", "does not exist",
                "jars, folders of jars");
        assertEquals(gone.toString(), finding.location());
    }

    @Test
    void shouldReportAPathThatCannotBeRead() throws IOException {
        Path secret = Files.writeString(temp.resolve("secret.jar"), "x");
        assumeFalse(secret.toFile().setReadable(false, false) && Files.isReadable(secret),
                "this user may read everything");
        onlyError(Loading.pluginPath(secret), "plugin path '" + secret + "'", "not readable");
    }

    @Test
    void shouldReportAFileThatIsNoJar() throws IOException {
        Path text = Files.writeString(temp.resolve("text.jar"), "this is no jar");
        onlyError(Loading.pluginPath(text), text.toString(), "cannot be read", "ZipException");
    }

    @Test
    void shouldReportAnEmptyFolder() {
        onlyError(Loading.pluginPath(temp), "plugin path '" + temp + "'", "holds neither a jar nor META-INF/services/");
    }

    @Test
    void shouldReportAJarWithoutAnyProvider() {
        Path jar = new PluginBuilder(temp.resolve("w")).source("plug.None", "package plug; public class None { }")
                .jar(temp.resolve("none.jar"));
        onlyError(Loading.pluginPath(jar), "plugin path '" + jar + "'", "declares no provider",
                "META-INF/services/org.enclosure.spi.ArchitectureProvider",
                "module-info");
    }

    @Test
    void shouldLoadAFolderOfClasses() {
        Path folder = PluginBuilder.healthy(temp.resolve("w"), "plug.One", "one").folder();
        try (ArchitectureRegistry registry = Loading.pluginPath(folder)) {
            assertEquals(folder.toString(), registry.get("one").location());
            assertEquals(List.of(), registry.problems());
        }
    }

    @Test
    void shouldLoadAFolderOfJarsWithOneLoader() throws IOException {
        Path lib = Files.createDirectory(temp.resolve("lib"));
        PluginBuilder.healthy(temp.resolve("w1"), "plug.a.One", "one").jar(lib.resolve("b.jar"));
        PluginBuilder.healthy(temp.resolve("w2"), "plug.b.Two", "two").jar(lib.resolve("a.jar"));
        new PluginBuilder(temp.resolve("w3")).source("plug.Help", "package plug; public class Help { }")
                .jar(lib.resolve("help.jar"));
        Files.writeString(lib.resolve("README.txt"), "not a jar");
        try (ArchitectureRegistry registry = Loading.pluginPath(lib)) {
            ClassLoader one = registry.get("one").provider().getClass().getClassLoader();
            assertEquals(one, registry.get("two").provider().getClass().getClassLoader());
            assertEquals(lib.resolve("b.jar").toString(), registry.get("one").location());
            assertEquals(List.of("two", "one"), registry.architectures().stream().map(FoundArchitecture::id)
                    .filter(List.of("one", "two")::contains).toList());
            assertEquals(List.of(), registry.problems());
        }
    }

    @Test
    void shouldGiveAProviderTheJarsBesideIt() throws IOException {
        Path lib = Files.createDirectory(temp.resolve("lib"));
        PluginBuilder both = new PluginBuilder(temp.resolve("w")).source("help.Help",
                "package help; public class Help { public static String id() { return \"helped\"; } }");
        Path folder = both.source("plug.One", ProviderSource.of("plug.One", "one").id("return help.Help.id();").text())
                .services("plug.One").folder();
        Path help = Files.createDirectories(temp.resolve("h/help"));
        Files.move(folder.resolve("help/Help.class"), help.resolve("Help.class"));
        PluginBuilder.pack(folder, lib.resolve("one.jar"));
        PluginBuilder.pack(temp.resolve("h"), lib.resolve("help.jar"));
        try (ArchitectureRegistry registry = Loading.pluginPath(lib)) {
            assertEquals("helped", registry.get("helped").id());
        }
    }

    @Test
    void shouldLetAPluginSeeTheApplication() {
        Path help = new PluginBuilder(temp.resolve("h")).source("help.Help",
                "package help; public class Help { public static String id() { return \"helped\"; } }")
                .jar(temp.resolve("help.jar"));
        Path plugin = new PluginBuilder(temp.resolve("w")).library(help)
                .source("plug.One", ProviderSource.of("plug.One", "one").id("return help.Help.id();").text())
                .services("plug.One")
                .jar(temp.resolve("one.jar"));
        try (ArchitectureRegistry registry = Loading.load(Loading.classPathScope(List.of(help), List.of(plugin)))) {
            assertEquals("helped", registry.get("helped").id());
        }
    }

    @Test
    void shouldReportAllBadPathsTogether() {
        assertEquals(2, Loading.pluginPath(temp.resolve("a"), temp.resolve("b")).problems().size());
    }
}
