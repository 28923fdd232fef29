package org.enclosure.core.loading;

import static org.enclosure.core.loading.Loading.assertParts;
import static org.enclosure.core.loading.Loading.offers;
import static org.enclosure.core.loading.Loading.onlyError;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import org.enclosure.api.GuestMemoryException;
import org.enclosure.core.plugin.Finding;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Rule LOAD-2: a provider is declared in module-info and in META-INF/services.
class DeclarationTest {
    private static final String PROVIDES = "provides org.enclosure.spi.ArchitectureProvider with plug.One";

    @TempDir Path temp;

    @Test
    void shouldFindAProviderOnTheModulePath() {
        Path jar = builder().services("plug.One").provides("plug.One").jar(temp.resolve("one.jar"));
        try (ArchitectureRegistry registry = modulePath(jar)) {
            assertEquals(jar.toString(), registry.get("one").location());
            assertEquals("plugin.under.test", registry.get("one").provider().getClass().getModule().getName());
            assertEquals(List.of(), registry.problems());
        }
    }

    @Test
    void shouldTakeOneFileOnModulePathAndClassPathAsOneProvider() {
        Path jar = builder().services("plug.One").provides("plug.One").jar(temp.resolve("one.jar"));
        SearchScope both = new SearchScope(Loading.classPathScope(List.of(jar), List.of()).application(),
                List.of(layer(jar)), List.of(jar), List.of(jar));
        try (ArchitectureRegistry registry = Loading.load(both)) {
            assertEquals("one", registry.get("one").id());
            assertEquals(List.of(), registry.problems());
        }
    }

    @Test
    void shouldReportServicesOnlyWhereverTheJarLies() {
        Path jar = builder().services("plug.One").provides().jar(temp.resolve("one.jar"));
        for (ArchitectureRegistry registry : List.of(modulePath(jar), Loading.classPath(jar), Loading.pluginPath(jar),
                observable(jar))) {
            onlyError(registry, "provider plug.One in " + jar, "META-INF/services only", "module path does not show it",
                    PROVIDES);
            assertFalse(offers(registry, "one"));
            registry.close();
        }
    }

    @Test
    void shouldReportModuleInfoOnlyWhereverTheJarLies() {
        Path jar = builder().provides("plug.One").jar(temp.resolve("one.jar"));
        for (ArchitectureRegistry registry : List.of(modulePath(jar), Loading.classPath(jar), Loading.pluginPath(jar),
                observable(jar))) {
            onlyError(registry, "provider plug.One in " + jar, "module-info only",
                    "class path and --plugin-path do not show it",
                    "add the line 'plug.One' to META-INF/services/org.enclosure.spi.ArchitectureProvider");
            assertFalse(offers(registry, "one"));
            registry.close();
        }
    }

    @Test
    void shouldReportBothWhenTheTwoPlacesNameDifferentClasses() {
        Path jar = builder().source("plug.Two", ProviderSource.of("plug.Two", "two").text()).services("plug.One")
                .provides("plug.Two")
                .jar(temp.resolve("one.jar"));
        List<Finding> problems = Loading.pluginPath(jar).problems();
        assertEquals(2, problems.size(), problems::toString);
        assertParts(problems.get(0).message(), "plug.One", "META-INF/services only");
        assertParts(problems.get(1).message(), "plug.Two", "module-info only");
    }

    @Test
    void shouldReportAModuleThatTheProgramDoesNotUse() {
        Path jar = builder().services("plug.One").provides("plug.One").jar(temp.resolve("one.jar"));
        try (ArchitectureRegistry registry = observable(jar)) {
            onlyError(registry, "provider plug.One in " + jar, "lies on the module path",
                    "--add-modules plugin.under.test",
                    "class path");
        }
    }

    @Test
    void shouldNotMindAModuleThatTheProgramDoesNotUseIfItHasTheClassFromElsewhere() throws IOException {
        Path jar = builder().services("plug.One").provides("plug.One").jar(temp.resolve("one.jar"));
        Path unused = Files.copy(jar, temp.resolve("unused.jar"));
        SearchScope scope = new SearchScope(Loading.classPathScope(List.of(jar), List.of()).application(), List.of(),
                List.of(unused), List.of());
        try (ArchitectureRegistry registry = Loading.load(scope)) {
            assertEquals(jar.toString(), registry.get("one").location());
            assertEquals(List.of(), registry.problems());
        }
    }

    @Test
    void shouldAnswerTheRequestForAnInvisibleOneWithTheReason() {
        Path jar = builder().provides("plug.One").jar(temp.resolve("one.jar"));
        GuestMemoryException e = assertThrows(GuestMemoryException.class, () -> Loading.classPath(jar).get("one"));
        assertParts(String.valueOf(e.getMessage()), "'one' is not there", "plug.One in " + jar, "module-info only");
    }

    @Test
    void shouldOfferAJarWithoutModuleInfoWithAWarning() {
        Path jar = builder().services("plug.One").jar(temp.resolve("some-plugin-1.2.jar"));
        for (ArchitectureRegistry registry : List.of(Loading.classPath(jar), Loading.pluginPath(jar))) {
            assertEquals("one", registry.get("one").id());
            warning(registry, "plug.One in " + jar, "no module-info", "automatic module 'some.plugin'");
            registry.close();
        }
    }

    @Test
    void shouldWarnThatTheModulePathCannotTakeAFolderWithoutModuleInfo() {
        Path folder = builder().services("plug.One").folder();
        try (ArchitectureRegistry registry = Loading.pluginPath(folder)) {
            assertEquals("one", registry.get("one").id());
            warning(registry, "plug.One in " + folder, "no module-info", "the module path cannot take it");
        }
    }

    @Test
    void shouldReportAModuleInfoThatCannotBeRead() throws IOException {
        Path folder = builder().services("plug.One").folder();
        Files.write(folder.resolve("module-info.class"), new byte[] {1, 2, 3, 4, 5, 6, 7, 8});
        assertParts(Loading.pluginPath(folder).problems().getFirst().message(), folder.toString(),
                "its module-info cannot be read");
    }

    private PluginBuilder builder() {
        return new PluginBuilder(temp.resolve("w")).source("plug.One", ProviderSource.of("plug.One", "one").text());
    }

    private static void warning(ArchitectureRegistry registry, String... parts) {
        assertEquals(1, registry.problems().size(), () -> registry.problems().toString());
        assertEquals(Finding.Severity.WARNING, registry.problems().getFirst().severity());
        assertParts(registry.problems().getFirst().message(), parts);
    }

    private static ArchitectureRegistry modulePath(Path jar) {
        return Loading.load(new SearchScope(Loading.parent(), List.of(layer(jar)), List.of(), List.of()));
    }

    /// On the module path, but nothing asked for the module.
    private static ArchitectureRegistry observable(Path jar) {
        return Loading.load(
                new SearchScope(Loading.parent(), List.of(), List.of(jar.resolveSibling("not-there"), jar), List.of()));
    }

    private static ModuleLayer layer(Path jar) {
        Configuration configuration = ModuleLayer.boot().configuration().resolve(ModuleFinder.of(jar),
                ModuleFinder.of(), Set.of("plugin.under.test"));
        return ModuleLayer.boot().defineModulesWithOneLoader(configuration, Loading.parent());
    }
}
