package org.enclosure.core;

import static org.enclosure.core.Loading.assertParts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.vm.HostOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestMemorySystemTest {
    @TempDir Path temp;

    @Test
    void shouldOfferTheBuiltInFirst() {
        try (GuestMemorySystem system = GuestMemorySystem.builder().build()) {
            assertEquals("software", system.architectures().getFirst().id());
            assertTrue(system.architecture("software").builtIn());
        }
    }

    @Test
    void shouldOfferThePluginsOfAPath() {
        Path jar = PluginBuilder.healthy(temp, "plug.One", "one").jar(temp.resolve("one.jar"));
        try (GuestMemorySystem system = GuestMemorySystem.builder().pluginPath(jar).build()) {
            assertEquals(jar.toString(), system.architecture("one").location());
        }
    }

    @Test
    void shouldKeepProblemsVisibleAndWorkWithoutThePlugin() {
        Path gone = temp.resolve("gone");
        try (GuestMemorySystem system = GuestMemorySystem.builder().pluginPath(gone).build()) {
            assertParts(system.problems().getFirst().message(), gone.toString(), "does not exist");
            assertTrue(system.architecture("software").builtIn());
        }
    }

    @Test
    void shouldRefuseAHostOfAnUnknownArchitecture() {
        try (GuestMemorySystem system = GuestMemorySystem.builder().build()) {
            GuestMemoryException e = assertThrows(GuestMemoryException.class,
                    () -> system.openHost(HostOptions.of("none", HostOptions.MIN_MEMORY)));
            assertEquals(Errno.ENOENT, e.errno());
            assertParts(String.valueOf(e.getMessage()), "'none'", "software");
        }
    }

    @Test
    void shouldRefuseAHostOnceClosed() {
        GuestMemorySystem system = GuestMemorySystem.builder().build();
        system.close();
        system.close();
        assertThrows(IllegalStateException.class,
                () -> system.openHost(HostOptions.of("software", HostOptions.MIN_MEMORY)));
    }
}
