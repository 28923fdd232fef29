package org.enclosure.tck.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Pattern;

import org.enclosure.core.GuestMemorySystem;
import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.MemoryRange;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.SpiVersion;
import org.enclosure.spi.VmType;
import org.enclosure.tck.plugin.Plugin;
import org.junit.jupiter.api.Test;

/// LOAD-1 to LOAD-4: what a loader relies on.
public abstract class LoadingContract {
    private static final Pattern ID = Pattern.compile("[a-z](?:-?[a-z0-9])*");
    private static final int LONGEST_ID = 32;
    private static final long BARE_BYTES = 16L << 20;

    private final Plugin plugin;
    private final ArchitectureProvider provider;

    /// Creates the contract of a plugin.
    protected LoadingContract(Plugin plugin) {
        this.plugin = plugin;
        provider = plugin.provider();
    }

    private record Identity(String id, SpiVersion version, List<VmType> types) {
        static Identity of(ArchitectureProvider provider) {
            return new Identity(provider.id(), provider.spiVersion(), provider.vmTypes());
        }
    }

    @Test
    void load1ShouldAnswerTheSameAtAnyTimeOnAnyThread() throws Exception {
        Identity before = Identity.of(provider);
        try (Arena arena = Arena.ofShared(); Platform open = bare(arena, plugin.hostSettings())) {
            assertEquals(before, Identity.of(provider), "while a platform is open");
            assertEquals(before, CompletableFuture.supplyAsync(() -> Identity.of(provider)).get(), "on another thread");
            assertFalse(open.operations().list().isEmpty(), "a platform has operations");
        }
        assertEquals(before, Identity.of(provider), "after it was closed");
    }

    @Test
    void load1ShouldHaveALegalIdAndDistinctTypes() {
        assertTrue(ID.matcher(provider.id()).matches() && provider.id().length() <= LONGEST_ID, provider.id());
        assertTrue(SpiVersion.current().accepts(provider.spiVersion()),
                "built against SPI " + provider.spiVersion() + ", this is " + SpiVersion.current());
        assertFalse(provider.vmTypes().isEmpty(), "no VM type");
        Set<String> ids = new HashSet<>();
        for (VmType type : provider.vmTypes()) {
            assertTrue(ids.add(type.id()), "two VM types have the id " + type.id());
            assertFalse(type.pageStates().isEmpty(), type.id() + " has no page states");
            assertEquals(new HashSet<>(type.pageStates()).size(), type.pageStates().size(),
                    "page states have distinct names: " + type.pageStates());
        }
    }

    @Test
    void load2ShouldBeDeclaredAsAService() {
        assumeTrue(plugin.isService(), "built into an engine");
        try (GuestMemorySystem system = GuestMemorySystem.builder().build()) {
            assertEquals(provider.getClass(), system.architecture(provider.id()).provider().getClass());
            List<String> about = system.problems().stream().map(Object::toString)
                    .filter(problem -> problem.contains(provider.getClass().getName())).toList();
            assertEquals(List.of(), about);
        }
    }

    @Test
    void load3ShouldHaveTraitsThatDoNotContradictOneAnother() {
        for (VmType type : provider.vmTypes()) {
            assertEquals(List.of(), type.traits().contradictions(), type.id());
        }
    }

    @Test
    void load4ShouldOpenWithNothingButItsContext() {
        try (Arena arena = Arena.ofShared()) {
            for (int time = 0; time < 2; time++) {
                try (Platform platform = bare(arena, plugin.hostSettings())) {
                    assertFalse(platform.operations().list().isEmpty(), "a platform has operations");
                }
            }
        }
    }

    @Test
    void load4ShouldRefuseASettingThatItDoesNotKnowByName() {
        try (Arena arena = Arena.ofShared()) {
            IllegalArgumentException refused = assertThrows(IllegalArgumentException.class,
                    () -> bare(arena, Map.of("no-such-setting", "1")).close());
            assertTrue(String.valueOf(refused.getMessage()).contains("no-such-setting"),
                    () -> "the message does not name the setting: " + refused.getMessage());
        }
    }

    private Platform bare(Arena arena, Map<String, String> settings) {
        PhysicalMemory memory = new PhysicalMemory(arena.allocate(BARE_BYTES, 4096), 0);
        return provider.open(new PlatformContext(memory,
                List.of(new MemoryRange(0, BARE_BYTES, MemoryRange.Kind.RAM)), settings));
    }
}
