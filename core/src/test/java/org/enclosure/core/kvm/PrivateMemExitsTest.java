package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.KvmVm.GPA;
import static org.enclosure.core.kvm.KvmVm.PAGE;
import static org.enclosure.core.kvm.KvmVm.errnoOf;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

import org.enclosure.api.Errno;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.vcpu.GuestProgram;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The cases of private_mem_kvm_exits_test: a guest that loops on an 8-byte read of one page.
@Timeout(60)
class PrivateMemExitsTest {
    private static final int SLOT = 10;

    private static VmExit deleteUnderAccess(KvmVm kvm) throws InterruptedException {
        kvm.storeSlot(SLOT, GPA, PAGE);
        kvm.vm.conversions().convert(GPA, PAGE, MemoryKind.PRIVATE);
        CountDownLatch reading = new CountDownLatch(1);
        GuestProgram loop = cpu -> {
            for (;;) {
                cpu.loadLong(GPA);
                reading.countDown();
            }
        };
        AtomicReference<@Nullable VmExit> exit = new AtomicReference<>();
        Thread thread = Thread.ofPlatform().start(() -> exit.set(kvm.runToExit(loop)));
        reading.await();
        kvm.vm.slots().delete(SLOT);
        thread.join();
        VmExit result = exit.get();
        assertTrue(result != null);
        return java.util.Objects.requireNonNull(result);
    }

    private static void assertPrivateFault(VmExit exit) {
        assertEquals(ExitReason.MEMORY_FAULT, exit.reason());
        assertEquals(39, exit.reason().number());
        assertEquals(Errno.EFAULT, exit.errno());
        assertTrue(exit.isPrivate());
        assertEquals(GPA, exit.gpa());
        assertEquals(PAGE, exit.bytes());
    }

    @DisplayName("T-D01 slot deleted under private access [SPLIT]")
    @Test
    void shouldExitWithAMemoryFaultWhereThePrivateAttributeOutlivesTheSlot() throws InterruptedException {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.SPLIT)) {
            assertPrivateFault(deleteUnderAccess(kvm));
        }
    }

    @DisplayName("T-D01b slot deleted under private access [IN_PLACE]")
    @Test
    void shouldExitWithMmioWhereTheAttributeGoesWithTheStore() throws InterruptedException {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.IN_PLACE)) {
            VmExit exit = deleteUnderAccess(kvm);
            assertEquals(ExitReason.MMIO, exit.reason());
            assertEquals(GPA, exit.gpa());
            assertEquals(8, exit.bytes());
            assertFalse(exit.isWrite());
        }
    }

    @DisplayName("T-D02 private access, slot not private [SPLIT]")
    @Test
    void shouldExitWithAMemoryFaultWhereASlotHasNoPrivateMemory() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.SPLIT)) {
            kvm.hostSlot(SLOT, GPA, PAGE);
            kvm.vm.conversions().convert(GPA, PAGE, MemoryKind.PRIVATE);
            assertPrivateFault(kvm.runToExit(cpu -> cpu.loadLong(GPA)));
        }
    }

    @DisplayName("T-D02 private access, slot not private [IN_PLACE]: the state cannot be expressed")
    @Test
    void shouldRefuseToMakeHostMemoryPrivateInPlace() {
        try (KvmVm kvm = KvmVm.of(KvmVm.Backing.IN_PLACE)) {
            kvm.hostSlot(SLOT, GPA, PAGE);
            assertEquals(Errno.EINVAL, errnoOf(() -> kvm.vm.conversions().convert(GPA, PAGE, MemoryKind.PRIVATE)));
        }
    }

    @DisplayName("no slot, where addresses tell the kind: a private access is a MEMORY_FAULT, a shared one MMIO or what its kind is")
    @ParameterizedTest
    @CsvSource({"core-owned,in-place", "core-owned,split", "backend-owned,in-place"})
    void shouldExitWithAMemoryFaultForAPrivateAccessOfNothing(String type, String backing) {
        boolean split = backing.equals("split");
        try (GuestVm m = GuestVm.ofTest(type, "backing=" + backing, "convert=attributes")) {
            assertPrivateFault(accessNothing(m, true));
            assertEquals(ExitReason.MMIO, accessNothing(m, false).reason());
            if (split) {
                m.vm.attributes().set(GPA, PAGE, MemoryKind.PRIVATE);
                assertPrivateFault(accessNothing(m, true));
                VmExit exit = accessNothing(m, false);
                assertEquals(ExitReason.MEMORY_FAULT, exit.reason());
                assertFalse(exit.isPrivate(), "the exit says what the guest asked for");
            }
        }
    }

    private static VmExit accessNothing(GuestVm m, boolean isPrivate) {
        return m.run(cpu -> cpu.loadLong(cpu.address(GPA, isPrivate)), exit -> exit.reason() == ExitReason.MMIO
                ? ExitAction.STOP : ExitAction.RESUME);
    }
}
