package org.enclosure.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.policy.PolicySet;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.core.GuestMemorySystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlightRecorderTest {
    private static final long PAGE = 4096;
    private static final long RAM = 4L << 20;
    private static final long MMIO = 1L << 32;

    @TempDir Path folder = Path.of("");

    @Test
    void shouldRecordWhatIsSwitchedOn() throws IOException {
        List<RecordedEvent> events = record("Exit", "Conversion", "Split", "Shootdown");
        RecordedEvent exit = only(events, "Exit");
        assertEquals("MMIO", exit.getString("reason"));
        assertEquals(MMIO, exit.getLong("gpa"));
        RecordedEvent conversion = only(events, "Conversion");
        assertEquals(1, conversion.getLong("pages"));
        assertTrue(conversion.getBoolean("toPrivate"));
        assertTrue(conversion.getDuration().toNanos() > 0);
        RecordedEvent split = only(events, "Split");
        assertEquals(5, split.getLong("gfn"));
        assertEquals(1, split.getInt("level"));
        assertTrue(of(events, "Shootdown").stream().anyMatch(event -> event.getLong("pages") > 0));
    }

    @Test
    void shouldRecordNothingThatIsNotSwitchedOn() throws IOException {
        assertEquals(List.of(), record());
        assertEquals(List.of(), of(record("Conversion"), "Exit"));
    }

    /// A guest touches a huge page; its 6th page becomes private; the guest touches what is no memory.
    private List<RecordedEvent> record(String... names) throws IOException {
        try (Recording recording = new Recording()) {
            for (String name : names) {
                recording.enable("org.enclosure." + name);
            }
            recording.start();
            runGuest();
            recording.stop();
            Path file = folder.resolve("events.jfr");
            recording.dump(file);
            return RecordingFile.readAllEvents(file).stream()
                    .filter(event -> event.getEventType().getName().startsWith("org.enclosure.")).toList();
        }
    }

    private static void runGuest() {
        try (GuestMemorySystem system = GuestMemorySystem.builder().build();
                Host host = system.openHost(HostOptions.of("software", 64L << 20));
                Vm vm = host.createVm(VmOptions.of("software-protected").with(PolicySet.defaults()))) {
            GuestMemoryStore store = vm.createStore(RAM, Set.of(StoreFlag.MMAP, StoreFlag.INIT_SHARED));
            vm.slots().create(
                    new Memslot(0, 0, RAM, Set.of(), host.createAddressSpace().map(store, 0, RAM), 0, store, 0));
            vm.createVcpu(0).run(cpu -> {
                cpu.storeLong(0, 1);
                vm.conversions().convert(5 * PAGE, PAGE, MemoryKind.PRIVATE);
                cpu.loadLong(MMIO);
            }, exit -> ExitAction.STOP);
        }
    }

    private static RecordedEvent only(List<RecordedEvent> events, String name) {
        List<RecordedEvent> found = of(events, name);
        assertEquals(1, found.size(), () -> name + ": " + found);
        return found.get(0);
    }

    private static List<RecordedEvent> of(List<RecordedEvent> events, String name) {
        return events.stream().filter(event -> event.getEventType().getName().equals("org.enclosure." + name)).toList();
    }
}
