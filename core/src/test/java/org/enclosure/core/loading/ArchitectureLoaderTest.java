package org.enclosure.core.loading;

import static org.enclosure.core.loading.Loading.assertParts;
import static org.enclosure.core.loading.Loading.offers;
import static org.enclosure.core.loading.Loading.onlyError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.core.plugin.Finding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchitectureLoaderTest {
    @TempDir Path temp;

    @Test
    void shouldFindTheBuiltInWithoutAnyPlugin() {
        try (ArchitectureRegistry registry = Loading.pluginPath()) {
            assertEquals("software", registry.architectures().getFirst().id());
            assertTrue(registry.get("software").builtIn());
            assertEquals(List.of(), registry.problems());
        }
    }

    @Test
    void shouldListThosePresentWhenAnIdIsUnknown() {
        try (ArchitectureRegistry registry = Loading.pluginPath(healthy("one"), healthy("two"))) {
            assertParts(refused(registry, "three"), "ENOENT", "'three'", "software", "one, two", "--plugin-path");
        }
    }

    @Test
    void shouldSayThatNoPluginWasFound() {
        try (ArchitectureRegistry registry = new ArchitectureRegistry(List.of(Loading.pluginPath().get("software")),
                List.of(), List.of())) {
            assertParts(refused(registry, "three"), "'three'", "no usable plugin was found", "built-in: software",
                    "--plugin-path");
        }
    }

    @Test
    void shouldOfferTheHealthyWhileAnotherIsBroken() {
        Path broken = declared("broken", ProviderSource.of("plug.Broken", "broken").vmTypes("return null;"));
        try (ArchitectureRegistry registry = Loading.pluginPath(broken, healthy("one"))) {
            assertEquals("one", registry.get("one").id());
            onlyError(registry, "plug.Broken", "vmTypes() returned null");
        }
    }

    @Test
    void shouldAnswerTheRequestForABrokenOneWithItsProblem() {
        Path broken = declared("broken", ProviderSource.of("plug.Broken", "broken").vmTypes("return null;"));
        try (ArchitectureRegistry registry = Loading.pluginPath(broken)) {
            assertParts(refused(registry, "broken"), "'broken' cannot be used", "plug.Broken in " + broken,
                    "vmTypes() returned null");
        }
    }

    @Test
    void shouldMentionBrokenProvidersWithoutIdWhenAnIdIsUnknown() {
        Path broken = declared("broken",
                ProviderSource.of("plug.Broken", "broken").constructor("throw new IllegalStateException();"));
        try (ArchitectureRegistry registry = Loading.pluginPath(broken)) {
            assertParts(refused(registry, "broken"), "'broken' is not there", "plug.Broken in " + broken,
                    "its constructor threw");
        }
    }

    @Test
    void shouldGoOnAfterBrokenProvidersInTheSameJar() {
        PluginBuilder builder = new PluginBuilder(temp.resolve("w"));
        builder.source("plug.Bad",
                ProviderSource.of("plug.Bad", "bad").constructor("throw new NoClassDefFoundError(\"x\");").text());
        builder.source("plug.NotPublic", ProviderSource.of("plug.NotPublic", "np").text()
                .replace("public class", "class").replace("public NotPublic()", "NotPublic()"));
        builder.source("plug.Other", "package plug; public class Other { }");
        builder.source("plug.Good", ProviderSource.of("plug.Good", "good").text());
        Path jar = builder.services("plug.Gone", "plug.Bad", "plug.Other # no provider", "plug.NotPublic", "plug.Good")
                .jar(temp.resolve("many.jar"));
        for (ArchitectureRegistry registry : List.of(Loading.pluginPath(jar), Loading.classPath(jar))) {
            assertEquals("good", registry.get("good").id());
            assertParts(errorOf(registry, "plug.Gone"), jar.toString(), "cannot be loaded", "not found");
            assertParts(errorOf(registry, "plug.Bad"), jar.toString(), "its constructor threw NoClassDefFoundError: x");
            assertParts(errorOf(registry, "plug.Other"), jar.toString(), "cannot be loaded", "not a subtype");
            assertParts(errorOf(registry, "plug.NotPublic"), jar.toString(), "cannot be loaded", "public");
            registry.close();
        }
    }

    @Test
    void shouldReportAClassThatDoesNotLink() throws IOException {
        PluginBuilder builder = new PluginBuilder(temp.resolve("w")).source("plug.Base",
                "package plug; public class Base { }");
        builder.source("plug.Child",
                ProviderSource.of("plug.Child", "child").text().replace("implements", "extends Base implements"));
        Path folder = builder.services("plug.Child").provides("plug.Child").folder();
        Files.delete(folder.resolve("plug/Base.class"));
        Path jar = PluginBuilder.pack(folder, temp.resolve("child.jar"));
        onlyError(Loading.pluginPath(jar), "plug.Child in " + jar, "cannot be loaded", "plug/Base");
        onlyError(Loading.classPath(jar), "plug.Child in " + jar, "cannot be loaded", "plug/Base");
    }

    @Test
    void shouldReportALineThatIsNoClassName() {
        Path jar = healthyBuilder("one").services("# comment", "plug.One", "not a name").jar(temp.resolve("one.jar"));
        onlyError(Loading.pluginPath(jar), jar.toString(), "line 3 of META-INF/services/",
                "no class name: 'not a name'");
    }

    @Test
    void shouldNameBothPlacesOfADuplicateId() {
        Path first = declared("first", ProviderSource.of("plug.First", "one"));
        Path second = declared("second", ProviderSource.of("plug.Second", "one"));
        for (ArchitectureRegistry registry : List.of(Loading.pluginPath(first, second),
                Loading.classPath(first, second))) {
            onlyError(registry, "id 'one'", "plug.First in " + first, "plug.Second in " + second, "unique");
            assertParts(refused(registry, "one"), first.toString(), second.toString());
            registry.close();
        }
    }

    @Test
    void shouldSeeThatOneClassLiesInTwoJars() throws IOException {
        Path first = healthy("one");
        Path second = Files.copy(first, temp.resolve("copy.jar"));
        for (ArchitectureRegistry registry : List.of(Loading.pluginPath(first, second),
                Loading.classPath(first, second))) {
            onlyError(registry, "id 'one'", first.toString(), second.toString());
            assertFalse(offers(registry, "one"));
            registry.close();
        }
    }

    @Test
    void shouldSeeThatThePluginPathRepeatsAClassOfTheClassPath() throws IOException {
        Path first = healthy("one");
        Path second = Files.copy(first, temp.resolve("copy.jar"));
        SearchScope scope = Loading.classPathScope(List.of(first), List.of(second));
        onlyError(Loading.load(scope), "id 'one'", first.toString(), second.toString());
    }

    @Test
    void shouldTakeOneFileOnClassPathAndTwicePluginPathAsOneProvider() throws IOException {
        Path jar = healthy("one");
        Path link = Files.createSymbolicLink(temp.resolve("link.jar"), jar);
        try (ArchitectureRegistry registry = Loading
                .load(Loading.classPathScope(List.of(jar), List.of(jar, link, jar.getParent())))) {
            assertEquals("one", registry.get("one").id());
            assertEquals(List.of(), registry.problems());
        }
    }

    @Test
    void shouldFindProvidersOnTheClassPath() {
        Path jar = healthy("one");
        try (ArchitectureRegistry registry = Loading.classPath(jar)) {
            assertEquals(jar.toString(), registry.get("one").location());
            assertEquals(List.of(), registry.problems());
        }
    }

    @Test
    void shouldTakeAProviderWhoseLoaderTellsNoFile() {
        ClassLoader loader = new MemoryLoader(healthyBuilder("one").folder(), Loading.parent());
        try (ArchitectureRegistry registry = Loading.load(new SearchScope(loader, List.of(), List.of(), List.of()))) {
            assertEquals("an unknown place", registry.get("one").location());
            assertEquals(List.of(), registry.problems());
        }
    }

    @Test
    void shouldReportAProviderThatIsMissingWhereNoFileIsTold() {
        PluginBuilder builder = new PluginBuilder(temp.resolve("w")).source("plug.Help",
                "package plug; public class Help { }");
        ClassLoader loader = new MemoryLoader(builder.services("plug.Gone").folder(), Loading.parent());
        onlyError(Loading.load(new SearchScope(loader, List.of(), List.of(), List.of())), "class path", "plug.Gone",
                "not found");
    }

    private Path healthy(String id) {
        return healthyBuilder(id).jar(temp.resolve(id + ".jar"));
    }

    private PluginBuilder healthyBuilder(String id) {
        return PluginBuilder.healthy(temp.resolve("w-" + id),
                "plug." + Character.toUpperCase(id.charAt(0)) + id.substring(1), id);
    }

    private Path declared(String name, ProviderSource source) {
        return PluginBuilder.declared(temp.resolve("w-" + name), source).jar(temp.resolve(name + ".jar"));
    }

    private static String errorOf(ArchitectureRegistry registry, String provider) {
        List<Finding> errors = registry.problems().stream()
                .filter(f -> f.severity() == Finding.Severity.ERROR && f.message().contains(provider)).toList();
        assertEquals(1, errors.size(), () -> provider + ": " + registry.problems());
        return errors.getFirst().message();
    }

    private static String refused(ArchitectureRegistry registry, String id) {
        GuestMemoryException e = assertThrows(GuestMemoryException.class, () -> registry.get(id));
        assertEquals(Errno.ENOENT, e.errno());
        return String.valueOf(e.getMessage());
    }
}
