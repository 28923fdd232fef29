package org.enclosure.core.event;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;

import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.policy.PolicySet;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.core.mem.AllocationProbe;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
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

    @Test
    void shouldAllocateNothingForWhatIsNotSwitchedOn() {
        try (Recording recording = new Recording()) {
            recording.start();
            assertEquals(0, AllocationProbe.steadyState(1000, () -> {
                ExitEvent.emit("MMIO", MMIO);
                RetryEvent.emit(1, true);
                SplitEvent.emit(1, 1);
                if (ConversionEvent.start() != null || ShootdownEvent.start() != null) {
                    throw new AssertionError("an event that nobody has switched on");
                }
            }));
        }
    }

    @Test
    @Timeout(60)
    void shouldRecordAsManyRetriesAsAreCounted() throws Exception {
        try (Recording recording = new Recording()) {
            recording.enable("org.enclosure.Retry");
            recording.start();
            long counted = retries();
            recording.stop();
            Path file = folder.resolve("retries.jfr");
            recording.dump(file);
            assertEquals(counted, of(RecordingFile.readAllEvents(file), "Retry").size());
        }
    }

    /// Faults of a guest and of its VMM meet holes that another thread punches.
    ///
    /// @return how many were tried again
    private static long retries() throws Exception {
        try (GuestMemorySystem system = GuestMemorySystem.builder().build();
                Host host = system.openHost(HostOptions.of("software", 64L << 20));
                Vm vm = host.createVm(VmOptions.of("software-protected").with(PolicySet.defaults().with("page=4k")));
                Vcpu vcpu = vm.createVcpu(0)) {
            GuestMemoryStore store = vm.createStore(RAM, Set.of());
            vm.slots().create(Memslot.ofStore(0, 0, RAM, store, 0));
            AtomicBoolean stop = new AtomicBoolean();
            CompletableFuture<?> puncher = CompletableFuture.runAsync(() -> {
                while (!stop.get()) {
                    store.punchHole(0, RAM);
                }
            }, task -> Thread.ofPlatform().start(task));
            while (counted(vm) == 0) {
                vcpu.preFault(0, RAM);
            }
            long before = counted(vm);
            while (counted(vm) == before) {
                vcpu.run(FlightRecorderTest::touchAll, ExitHandler.POLICY);
            }
            stop.set(true);
            puncher.get();
            return counted(vm);
        }
    }

    private static void touchAll(GuestCpu cpu) {
        for (long gpa = 0; gpa < RAM; gpa += PAGE) {
            cpu.storeLong(gpa, 1);
        }
    }

    private static long counted(Vm vm) {
        return vm.stats().vcpus().faults().getOrDefault("retry", 0L);
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
