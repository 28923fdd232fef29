package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.KvmVm.GPA;
import static org.enclosure.core.kvm.KvmVm.LARGE;
import static org.enclosure.core.kvm.KvmVm.PAGE;
import static org.enclosure.core.kvm.KvmVm.errnoOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.MemorySegment;

import org.enclosure.api.Errno;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.HostAccessException.Signal;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/// Memory that fails: taken from all, not truncated, EHWPOISON until it is punched.
class MemoryFailureTest {
    private static final int SLOT = 10;

    private static void assertPoisoned(KvmVm kvm, long gpa) {
        VmExit exit = kvm.runToExit(cpu -> cpu.loadLong(gpa));
        assertEquals(ExitReason.MEMORY_FAULT, exit.reason());
        assertEquals(Errno.EHWPOISON, exit.errno());
        assertEquals(gpa, exit.gpa());
        assertEquals(Errno.EHWPOISON, errnoOf(() -> kvm.vcpu.preFault(gpa, PAGE)));
    }

    @DisplayName("5.3 a private page: EHWPOISON until it is punched; its neighbours stay; the frame is never used again")
    @EachBacking
    void shouldTakeAFailedPrivatePageFromTheGuest(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            GuestMemoryStore store = kvm.storeSlot(SLOT, GPA, LARGE);
            kvm.vm.conversions().convert(GPA, LARGE, MemoryKind.PRIVATE);
            kvm.run(cpu -> {
                for (long at = 0; at < LARGE; at += PAGE) {
                    cpu.storeLong(GPA + at, at + 1);
                }
            });
            long pa = kvm.vm.inspect(GPA + PAGE).pa();
            assertTrue(kvm.host.memoryFailure(pa));
            assertPoisoned(kvm, GPA + PAGE);
            kvm.run(cpu -> {
                assertEquals(1, cpu.loadLong(GPA));
                assertEquals(2 * PAGE + 1, cpu.loadLong(GPA + 2 * PAGE));
            });
            assertEquals(LARGE, store.allocatedBytes(), "it is not truncated");
            store.allocate(0, LARGE);
            assertPoisoned(kvm, GPA + PAGE);
            store.punchHole(PAGE, PAGE);
            assertEquals(1, kvm.host.stats().quarantined());
            kvm.run(cpu -> assertEquals(0, cpu.loadLong(GPA + PAGE)));
            assertNotEquals(pa, kvm.vm.inspect(GPA + PAGE).pa());
            kvm.vcpu.close();
            store.close();
            assertEquals(1, kvm.host.stats().quarantined(), "and nothing else went with it");
        }
    }

    @DisplayName("5.3 a shared page: the host's mapping raises the signal too")
    @Test
    void shouldTakeAFailedSharedPageFromHostAndGuest() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.IN_PLACE)) {
            GuestMemoryStore store = kvm.storeSlot(SLOT, GPA, LARGE, StoreFlag.MMAP, StoreFlag.INIT_SHARED);
            HostMapping mapping = kvm.process.map(store, 0, LARGE);
            mapping.storeLong(0, 1);
            long pa = kvm.vm.inspect(GPA).pa();
            assertTrue(kvm.host.memoryFailure(pa + 8));
            assertEquals(Signal.POISONED,
                    assertThrows(HostAccessException.class, () -> mapping.loadLong(0)).signal());
            assertEquals(Signal.POISONED,
                    assertThrows(HostAccessException.class, () -> kvm.host.physical().loadLong(pa)).signal());
            assertPoisoned(kvm, GPA);
            store.convert(0, PAGE, MemoryKind.PRIVATE);
            assertPoisoned(kvm, GPA);
            store.close();
            assertEquals(1, kvm.host.stats().quarantined());
        }
    }

    @DisplayName("5.3 anonymous memory under a slot")
    @Test
    void shouldTakeAFailedPageOfAnonymousMemory() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            HostMapping mapping = kvm.hostSlot(SLOT, GPA, LARGE);
            kvm.run(cpu -> cpu.storeLong(GPA, 1));
            assertTrue(kvm.host.memoryFailure(kvm.vm.inspect(GPA).pa()));
            assertPoisoned(kvm, GPA);
            assertEquals(Errno.EFAULT, errnoOf(() -> mapping.pin(0, PAGE, "GUP")));
            mapping.discard(0, PAGE);
            kvm.run(cpu -> assertEquals(0, cpu.loadLong(GPA)));
            assertEquals(1, kvm.host.stats().quarantined());
        }
    }

    @DisplayName("a free frame, no memory, and a frame of the engine")
    @Test
    void shouldTakeAFreeFrameOutOfUse() {
        try (KvmVm kvm = KvmVm.ordinary()) {
            long last = (kvm.host.stats().total() - 1) * PAGE;
            assertFalse(kvm.host.memoryFailure(last));
            assertFalse(kvm.host.memoryFailure(last), "twice is once");
            assertEquals(1, kvm.host.stats().quarantined());
            assertEquals(Errno.EINVAL, errnoOf(() -> kvm.host.memoryFailure(last + PAGE)));
            assertEquals(Errno.EINVAL, errnoOf(() -> kvm.host.memoryFailure(-1)));
            assertEquals(Errno.EBUSY, errnoOf(() -> kvm.host.memoryFailure(0)), "the first frames are tables");
        }
    }

    @DisplayName("a frame that fails in a vCPU's reserve is never the guest's")
    @Test
    void shouldNotHandOutAFrameThatHasFailed() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.IN_PLACE, "page=4k")) {
            kvm.storeSlot(SLOT, GPA, LARGE);
            kvm.run(cpu -> cpu.storeLong(GPA, 1));
            long next = kvm.vm.inspect(GPA).pa() + PAGE;
            assertEquals(Errno.EBUSY, errnoOf(() -> kvm.host.memoryFailure(next)));
            kvm.run(cpu -> cpu.storeLong(GPA + PAGE, 1));
            assertEquals(next + PAGE, kvm.vm.inspect(GPA + PAGE).pa());
            assertEquals(1, kvm.host.stats().quarantined());
        }
    }

    @DisplayName("nothing is launched into a page that has failed")
    @Test
    void shouldNotLaunchIntoAFailedPage() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.IN_PLACE, "page=4k")) {
            GuestMemoryStore store = kvm.storeSlot(SLOT, GPA, LARGE);
            MemorySegment image = MemorySegment.ofArray(new byte[(int) (2 * PAGE)]);
            store.allocate(0, LARGE);
            kvm.host.memoryFailure(kvm.vm.inspect(GPA + PAGE).pa());
            assertEquals(PAGE, kvm.vcpu.preMap(GPA, image));
            assertEquals(Errno.EHWPOISON, errnoOf(() -> kvm.vcpu.preMap(GPA + PAGE, image)));
            store.punchHole(PAGE, PAGE);
            assertEquals(2 * PAGE, kvm.vcpu.preMap(GPA + PAGE, image));
        }
    }
}
