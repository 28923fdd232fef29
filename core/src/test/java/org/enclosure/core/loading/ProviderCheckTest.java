package org.enclosure.core.loading;

import static org.enclosure.core.loading.Loading.offers;
import static org.enclosure.core.loading.Loading.onlyError;
import static org.enclosure.core.loading.ProviderSource.PLAIN;
import static org.enclosure.core.loading.ProviderSource.type;
import static org.enclosure.core.loading.ProviderSource.types;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;

import org.enclosure.core.plugin.Finding;
import org.enclosure.core.plugin.FoundArchitecture;
import org.enclosure.spi.SpiVersion;
import org.enclosure.spi.VmType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProviderCheckTest {
    private static final ProviderSource GOOD = ProviderSource.of("plug.One", "one");

    @TempDir Path temp;

    @Test
    void shouldTellEverythingOfAHealthyProvider() {
        Path jar = PluginBuilder.declared(temp, GOOD).jar(temp.resolve("one.jar"));
        try (ArchitectureRegistry registry = Loading.pluginPath(jar)) {
            FoundArchitecture one = registry.get("one");
            assertEquals(SpiVersion.current(), one.spiVersion());
            assertEquals(List.of("plain"), one.vmTypes().stream().map(VmType::id).toList());
            assertEquals(jar.toString(), one.location());
            assertFalse(one.builtIn());
            assertEquals("plug.One", one.provider().getClass().getName());
            assertEquals(List.of(), registry.problems());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "One", "1one", "o_ne", "one-", "-one", "o--ne", "o ne",
            "abcdefghijklmnopqrstuvwxyzabcdefg"})
    void shouldRefuseAnIllegalId(String id) {
        error(GOOD.id("return \"" + id + "\";"), "id '" + id + "'", "lower-case letters, digits and single hyphens",
                "starting with a letter",
                "at most 32");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a1", "x86-my-2", "abcdefghijklmnopqrstuvwxyzabcdef"})
    void shouldTakeALegalId(String id) {
        try (ArchitectureRegistry registry = load(GOOD.id("return \"" + id + "\";"))) {
            assertEquals(id, registry.get(id).id());
        }
    }

    @Test
    void shouldKeepTheReservedIdForTheBuiltIn() {
        try (ArchitectureRegistry registry = error(GOOD.id("return \"software\";"), "id 'software'", "reserved")) {
            assertTrue(registry.get("software").builtIn());
        }
    }

    @Test
    void shouldNameBothVersionsAndAskNothingElse() {
        ProviderSource asked = GOOD.id("throw new IllegalStateException(\"id was asked\");")
                .vmTypes("throw new IllegalStateException(\"types were asked\");");
        try (ArchitectureRegistry registry = error(asked.version("return SpiVersion.of(2, 7);"), "SPI version 2.7",
                "SPI version " + SpiVersion.current(), "legal: " + SpiVersion.current().major() + ".0 to")) {
            assertNull(registry.problems().getFirst().architecture());
        }
    }

    @Test
    void shouldRefuseANewerMinorVersion() {
        SpiVersion ours = SpiVersion.current();
        error(GOOD.version("return SpiVersion.of(" + ours.major() + ", " + (ours.minor() + 1) + ");"),
                ours.major() + "." + (ours.minor() + 1));
    }

    @Test
    void shouldReportAConstructorThatThrows() {
        error(GOOD.constructor("throw new IllegalStateException(\"no luck\\nat all\");"), "its constructor threw",
                "IllegalStateException: no luck");
    }

    @Test
    void shouldReportAnErrorAsWellAsAnException() {
        error(GOOD.constructor("throw new NoSuchMethodError(\"gone\");"), "its constructor threw",
                "NoSuchMethodError: gone");
    }

    @Test
    void shouldReportAVersionThatThrows() {
        error(GOOD.version("throw new IllegalStateException(\"v\");"), "spiVersion() threw IllegalStateException: v");
    }

    @Test
    void shouldReportAnIdThatThrows() {
        error(GOOD.id("throw new IllegalStateException(\"i\");"), "id() threw IllegalStateException: i");
    }

    @Test
    void shouldReportTypesThatThrow() {
        try (ArchitectureRegistry registry = error(GOOD.vmTypes("throw new StackOverflowError();"),
                "vmTypes() threw StackOverflowError")) {
            assertEquals("one", registry.problems().getFirst().architecture());
        }
    }

    @Test
    void shouldReportAnExceptionThatCannotTellItsMessage() {
        error(GOOD.id(
                "throw new RuntimeException() { public String getMessage() { throw new IllegalStateException(); } };"),
                "id() threw");
    }

    @Test
    void shouldReportNullAnswers() {
        error(GOOD.version("return null;"), "spiVersion() returned null");
    }

    @Test
    void shouldReportANullId() {
        error(GOOD.id("return null;"), "id() returned null");
    }

    @Test
    void shouldReportNullTypes() {
        error(GOOD.vmTypes("return null;"), "vmTypes() returned null");
    }

    @Test
    void shouldReportANullType() {
        error(GOOD.vmTypes("return Arrays.asList(" + type("plain", PLAIN) + ", null);"),
                "VM type number 2 of vmTypes() is null");
    }

    @Test
    void shouldReportATypeWithoutTraits() {
        error(GOOD.vmTypes(types(type("plain", "null"))), "VM type number 1 of vmTypes() is without id or traits");
    }

    @Test
    void shouldNeedAVmType() {
        error(GOOD.vmTypes("return List.of();"), "vmTypes() returned no VM type", "at least one");
    }

    @Test
    void shouldRefuseTwoTypesOfOneId() {
        error(GOOD.vmTypes(types(type("plain", PLAIN), type("other", PLAIN), type("plain", PLAIN))),
                "VM type id 'plain' occurs twice", "unique");
    }

    @Test
    void shouldRefuseAnIllegalTypeId() {
        error(GOOD.vmTypes(types(type("Plain", PLAIN))), "VM type id 'Plain'",
                "lower-case letters, digits and hyphens");
    }

    @Test
    void shouldTellAllContradictionsOfTraits() {
        String traits = "new VmTraits(Set.of(VmTrait.ACCEPT_NEEDED, VmTrait.FRAME_STAYS), null, null, 4, 0, -1)";
        try (ArchitectureRegistry registry = error(GOOD.vmTypes(types(type("odd", traits))),
                "traits of VM type 'odd' contradict each other",
                "ACCEPT_NEEDED needs PRIVATE_MEMORY", "FRAME_STAYS needs CONTENT_KEPT", "maxLevel 4 is not 1, 2 or 3",
                "framesPerSplit -1",
                "an S2Format is needed", "LOAD-3")) {
            assertEquals("one", registry.problems().getFirst().architecture());
        }
    }

    @Test
    void shouldTellTheProblemsOfAllTypesTogether() {
        try (ArchitectureRegistry registry = load(
                GOOD.vmTypes(types(type("A", PLAIN), type("b", "new VmTraits(Set.of(), null, null, 1, 0, 0)"))))) {
            assertEquals(2, registry.problems().size(), () -> registry.problems().toString());
        }
    }

    private ArchitectureRegistry load(ProviderSource source) {
        return Loading.pluginPath(PluginBuilder.declared(temp, source).jar(temp.resolve("one.jar")));
    }

    private ArchitectureRegistry error(ProviderSource source, String... parts) {
        ArchitectureRegistry registry = load(source);
        Finding finding = onlyError(registry, parts);
        Loading.assertParts(finding.message(), "provider plug.One in " + temp.resolve("one.jar"));
        assertEquals(temp.resolve("one.jar").toString(), finding.location());
        assertFalse(offers(registry, "one"));
        return registry;
    }
}
