package org.enclosure.software;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;

import org.enclosure.spi.FrameCache;
import org.enclosure.spi.SpiVersion;
import org.enclosure.spi.VmContext;
import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmType;
import org.junit.jupiter.api.Test;

class SoftwareProviderTest {
    private final SoftwareProvider provider = new SoftwareProvider();

    @Test
    void shouldBeTheReservedIdentity() {
        assertEquals("software", provider.id());
        assertTrue(SpiVersion.current().accepts(provider.spiVersion()));
        assertEquals(List.of("default", "software-protected"), provider.vmTypes().stream().map(VmType::id).toList());
    }

    @Test
    void shouldHaveTraitsThatDoNotContradictOneAnother() {
        for (VmType type : provider.vmTypes()) {
            assertEquals(List.of(), type.traits().contradictions(), type.id());
            assertTrue(type.traits().engineOwns(false), type.id());
            assertEquals(type.traits().engineOwns(true), type.traits().has(VmTrait.PRIVATE_MEMORY), type.id());
        }
        assertFalse(SoftwareTypes.DEFAULT.traits().has(VmTrait.PRIVATE_MEMORY));
    }

    @Test
    void shouldRefuseUnknownOptionsByName() {
        Bare bare = new Bare();
        Map<String, String> options = Map.of("colour", "red");
        assertTrue(refusal(() -> provider.open(Bare.context(bare.memory, options))).contains("colour"));
        VmContext context = new VmContext(SoftwareTypes.DEFAULT, 1, -1, new FrameCache(0), options);
        assertTrue(refusal(() -> bare.platform.create(context)).contains("colour"));
        assertTrue(refusal(() -> bare.vm(SoftwareTypes.DEFAULT).launch(options)).contains("colour"));
    }

    private static String refusal(Runnable call) {
        return String.valueOf(assertThrows(IllegalArgumentException.class, call::run).getMessage());
    }
}
