package org.enclosure.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.host.HostAddressSpace;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.policy.ConversionRequest;
import org.enclosure.api.policy.Participant;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.spi.GuestRefusedException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddingTest {
    private static final long RAM = 16L << 20;
    private static final long PAGE = 4096;
    private static final int MOST_LINES = 30;

    @Test
    void shouldBringANumberFromTheGuestToTheHostWithTheBuilder() {
        assertEquals(0x1234_5678_9abc_def0L, EmbedWithBuilder.run(0x1234_5678_9abc_def0L));
    }

    @Test
    void shouldAskThePolicyAndTellTheParticipantOfTheInjector() {
        Recorder recorder = new Recorder();
        try (GuestMemorySystem system = new EmbedWithGuice(PAGE, recorder).injector()
                .getInstance(GuestMemorySystem.class);
                Host host = system.openHost(HostOptions.of("software", 4 * RAM));
                Vm vm = host.createVm(VmOptions.of("software-protected"));
                GuestMemoryStore store = vm.createStore(RAM, Set.of());
                Vcpu vcpu = vm.createVcpu(0)) {
            vm.slots().create(Memslot.ofStore(0, 0, RAM, store, 0));

            assertThrows(GuestRefusedException.class,
                    () -> vcpu.run(guest -> guest.share(0, PAGE), ExitHandler.POLICY));
            vcpu.run(guest -> guest.share(PAGE, PAGE), ExitHandler.POLICY);

            assertEquals(MemoryKind.PRIVATE, vm.attributes().kind(0));
            assertEquals(MemoryKind.SHARED, vm.attributes().kind(PAGE));
            assertEquals(List.of("prepare 0x1000 shared", "commit 0x1000 shared"), recorder.calls);
        }
    }

    @Test
    void shouldConvertWhatAnOwnCpuAccessesInTheOtherKind() {
        try (GuestMemorySystem system = GuestMemorySystem.builder().build();
                Host host = system.openHost(HostOptions.of("test", 4 * RAM));
                Vm vm = host.createVm(VmOptions.of("backend-owned"));
                GuestMemoryStore store = vm.createStore(RAM, Set.of(StoreFlag.MMAP));
                HostAddressSpace process = host.createAddressSpace();
                HostMapping mapping = process.map(store, 0, RAM);
                EmbedOwnCpu cpu = new EmbedOwnCpu(vm)) {
            vm.slots().create(Memslot.ofStore(0, 0, RAM, store, 0));
            vm.conversions().convert(PAGE, PAGE, MemoryKind.SHARED);
            mapping.storeLong(PAGE + 8, 77);

            cpu.copy(vm.address(PAGE, false), vm.address(2 * PAGE, true), 2);
            cpu.copy(vm.address(2 * PAGE, true), vm.address(3 * PAGE, false), 2);

            assertEquals(MemoryKind.PRIVATE, vm.attributes().kind(2 * PAGE));
            assertEquals(MemoryKind.SHARED, vm.attributes().kind(3 * PAGE));
            assertEquals(77, mapping.loadLong(3 * PAGE + 8));
            assertTrue(vm.stats().conversions().host() >= 2, vm.stats().conversions().toString());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"EmbedWithBuilder", "EmbedWithGuice", "EmbedOwnCpu"})
    void shouldTakeNoMoreThanThirtyLinesOfCode(String example) throws IOException {
        Path source = Path.of("src/main/java/org/enclosure/examples", example + ".java");
        long lines = Files.readAllLines(source).stream().map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("//") && !line.startsWith("package ")
                        && !line.startsWith("import "))
                .count();

        assertTrue(lines <= MOST_LINES, example + " has " + lines + " lines of code");
    }

    /// Writes down what it is told.
    private static final class Recorder implements Participant {
        private final List<String> calls = new ArrayList<>();

        @Override
        public String name() {
            return "recorder";
        }

        @Override
        public boolean prepare(ConversionRequest request) {
            write("prepare", request);
            return true;
        }

        @Override
        public void commit(ConversionRequest request) {
            write("commit", request);
        }

        @Override
        public void abort(ConversionRequest request) {
            write("abort", request);
        }

        private void write(String call, ConversionRequest request) {
            calls.add(call + " 0x" + Long.toHexString(request.gpa()) + " " + request.target());
        }
    }
}
