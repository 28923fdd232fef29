package org.enclosure.testarch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.SpiVersion;
import org.enclosure.spi.VmContext;
import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmTraits;
import org.enclosure.spi.VmType;
import org.junit.jupiter.api.Test;

class TestProviderTest {
    private final ArchitectureProvider provider = new TestProvider();

    @Test
    void load2ShouldBeDeclaredForTheClassPathAndForTheModulePath() throws IOException {
        String name = TestProvider.class.getName();
        String service = ArchitectureProvider.class.getName();
        try (InputStream file = TestProvider.class.getResourceAsStream("/META-INF/services/" + service)) {
            assertEquals(name, new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8).strip());
        }
        ModuleDescriptor module = TestProvider.class.getModule().getDescriptor();
        assumeTrue(module != null, "the tests run on the class path");
        assertEquals(List.of(name), module.provides().stream().filter(provides -> provides.service().equals(service))
                .flatMap(provides -> provides.providers().stream()).toList());
    }

    @Test
    void shouldHaveAnIdentityAndAVersionThatThisEngineAccepts() {
        assertEquals("test", provider.id());
        assertTrue(SpiVersion.current().accepts(provider.spiVersion()));
    }

    @Test
    void shouldHaveTraitsThatDoNotContradictOneAnother() {
        for (VmType type : provider.vmTypes()) {
            assertEquals(List.of(), type.traits().contradictions(), type.id());
        }
    }

    @Test
    void shouldOfferEachKindOfHalf() {
        assertEquals(List.of("core-owned", "backend-owned", "backend-both"),
                provider.vmTypes().stream().map(VmType::id).toList());
        assertEquals(List.of(true, false, false),
                provider.vmTypes().stream().map(type -> type.traits().engineOwns(true)).toList());
        assertEquals(List.of(true, true, false),
                provider.vmTypes().stream().map(type -> type.traits().engineOwns(false)).toList());
    }

    @Test
    void shouldDifferWhereTheTypesStandForDifferentArchitectures() {
        VmTraits core = provider.vmTypes().get(0).traits();
        VmTraits backend = provider.vmTypes().get(1).traits();
        for (VmTrait trait : List.of(VmTrait.ACCEPT_NEEDED, VmTrait.ZEROES_BEFORE_USE, VmTrait.FLUSH_NEEDS_EXIT,
                VmTrait.IN_PLACE_PAYLOAD)) {
            assertNotEquals(core.has(trait), backend.has(trait), trait.name());
        }
        assertFalse(core.has(VmTrait.CONTENT_KEPT));
    }

    @Test
    void shouldRefuseUnknownOptionsByName() {
        Bare bare = new Bare();
        Map<String, String> options = Map.of("colour", "red");
        assertTrue(refusal(() -> provider.open(bare.context(options))).contains("colour"));
        for (VmType type : provider.vmTypes()) {
            VmContext context = new VmContext(type, 1, -1, bare.frames(1), options);
            assertTrue(refusal(() -> bare.platform.create(context)).contains("colour"));
            assertTrue(refusal(() -> bare.vm(type).launch(options)).contains("colour"));
        }
    }

    @Test
    void shouldSayThatAControlFrameIsMissing() {
        VmContext context = new VmContext(provider.vmTypes().get(1), 1, -1, new FrameCache(1), Map.of());
        assertTrue(refusal(() -> new Bare().platform.create(context)).contains("control frame"));
    }

    private static String refusal(Runnable call) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }
}
