package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.KvmVm.GPA;
import static org.enclosure.core.kvm.KvmVm.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.store.GuestMemoryStore;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/// Freed memory really goes back to the operating system: shown by the resident set of this process.
@EnabledOnOs(OS.LINUX)
class FreedMemoryTest {
    private static final Path STATM = Path.of("/proc/self/statm");
    private static final long SIZE = 128L << 20;
    /// What the JVM itself may take or give back meanwhile.
    private static final long NOISE = 32L << 20;

    /// The second number is the resident set, in pages.
    private static long resident() throws IOException {
        return Long.parseLong(Files.readString(STATM).split(" ", -1)[1]) * PAGE;
    }

    @DisplayName("memory that was punched and trimmed is not resident any more")
    @EachBacking
    void shouldGiveMemoryBackToTheOperatingSystem(KvmVm.Backing backing) throws IOException {
        try (KvmVm kvm = KvmVm.of(backing)) {
            GuestMemoryStore store = kvm.storeSlot(1, GPA, SIZE);
            kvm.vm.conversions().convert(GPA, SIZE, MemoryKind.PRIVATE);
            long before = resident();
            kvm.run(cpu -> {
                for (long at = 0; at < SIZE; at += PAGE) {
                    cpu.storeLong(GPA + at, at | 1);
                }
            });
            long used = resident();
            assertTrue(used - before > SIZE - NOISE, "the guest's pages are resident: " + before + ", " + used);
            store.punchHole(0, SIZE);
            assertTrue(kvm.host.trim() >= SIZE);
            long after = resident();
            assertTrue(after - before < NOISE, "they are not any more: " + before + ", " + used + ", " + after);
            kvm.run(cpu -> assertEquals(0, cpu.loadLong(GPA)));
        }
    }
}
