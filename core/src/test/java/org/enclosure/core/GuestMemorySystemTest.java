package org.enclosure.core;

import static org.enclosure.core.loading.Loading.assertParts;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.policy.ConversionDecision;
import org.enclosure.api.policy.ConversionRequest;
import org.enclosure.api.policy.Participant;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.core.loading.PluginBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuestMemorySystemTest {
    private static final HostOptions SOFTWARE = HostOptions.of("software", 64L << 20);

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

    @Test
    void shouldCloseTheHostsThatAreStillOpen() {
        GuestMemorySystem system = GuestMemorySystem.builder().build();
        Host closed = system.openHost(SOFTWARE);
        closed.close();
        Host open = system.openHost(SOFTWARE);
        system.close();
        assertThrows(GuestMemoryException.class, () -> open.createVm(VmOptions.of("default")));
    }

    @Test
    void shouldNameThePlatformThatRefusesASetting() {
        try (GuestMemorySystem system = GuestMemorySystem.builder().build()) {
            GuestMemoryException e = assertThrows(GuestMemoryException.class,
                    () -> system.openHost(SOFTWARE.with("no-such-setting", "1")));
            assertEquals(Errno.EINVAL, e.errno());
            assertParts(String.valueOf(e.getMessage()), "software", "no-such-setting");
        }
    }

    @Test
    void shouldGiveTheSystemsPolicyAndParticipantsToEveryVm() {
        List<String> asked = new ArrayList<>();
        GuestMemorySystem.Builder builder = GuestMemorySystem.builder().conversionPolicy(request -> {
            asked.add("policy");
            return ConversionDecision.ALLOW;
        }).participant(new Listener(asked));
        try (GuestMemorySystem system = builder.build();
                Host host = system.openHost(SOFTWARE);
                Vm vm = host.createVm(VmOptions.of("software-protected"));
                GuestMemoryStore store = vm.createStore(1L << 20, Set.of())) {
            vm.slots().create(Memslot.ofStore(0, 0, 1L << 20, store, 0));
            try (Vcpu vcpu = vm.createVcpu(0)) {
                vcpu.run(cpu -> cpu.share(0x3000, 4096), ExitHandler.POLICY);
            }
            assertEquals(List.of("policy", "prepare", "commit"), asked);
            assertEquals(MemoryKind.SHARED, vm.attributes().kind(0x3000));
        }
    }

    private record Listener(List<String> asked) implements Participant {
        @Override
        public String name() {
            return "listener";
        }

        @Override
        public boolean prepare(ConversionRequest request) {
            return asked.add("prepare");
        }

        @Override
        public void commit(ConversionRequest request) {
            asked.add("commit");
        }

        @Override
        public void abort(ConversionRequest request) {
            asked.add("abort");
        }
    }
}
