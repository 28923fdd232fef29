package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.KvmVm.GPA;
import static org.enclosure.core.kvm.KvmVm.LARGE;
import static org.enclosure.core.kvm.KvmVm.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.slot.Memslot;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The cases of set_memory_region_test in which a vCPU spins on the slot that changes.
@Timeout(120)
class SlotsInUseTest {
    private static final int SLOT = 10;
    private static final int LOOPS = 10;
    private static final long MMIO = 0xbeef;

    /// A vCPU that reads one word for ever and remembers which values it saw.
    private static final class Spinner implements AutoCloseable {
        final Set<Long> seen = ConcurrentHashMap.newKeySet();
        private final KvmVm kvm;
        private final Thread thread;
        private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();
        private volatile long last = -1;
        private final AtomicLong reads = new AtomicLong();

        Spinner(KvmVm kvm) {
            this.kvm = kvm;
            thread = Thread.ofPlatform().start(this::spin);
        }

        private void spin() {
            try {
                kvm.vcpu.run(cpu -> {
                    for (;;) {
                        long value = cpu.loadLong(GPA);
                        if (value != last) {
                            seen.add(value);
                        }
                        last = value;
                        reads.incrementAndGet();
                    }
                }, this::onExit);
            } catch (Throwable e) {
                failure.set(e);
            }
        }

        private ExitAction onExit(VmExit exit) {
            if (exit.reason() == ExitReason.MMIO) {
                assertEquals(GPA, exit.gpa());
                assertEquals(8, exit.bytes());
                assertFalse(exit.isWrite());
                exit.setData(MMIO);
            }
            return ExitAction.RESUME;
        }

        /// Waits until the guest reads this value.
        void await(long value) {
            while (last != value && thread.isAlive()) {
                Thread.onSpinWait();
            }
            assertTrue(thread.isAlive(), () -> "the vCPU died: " + failure.get());
        }

        /// Waits for a few reads that began after this call.
        void awaitReads() {
            long until = reads.get() + 3;
            while (reads.get() < until && thread.isAlive()) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void close() {
            kvm.vcpu.kick();
            try {
                thread.join();
            } catch (InterruptedException e) {
                throw new AssertionError(e);
            }
            assertEquals(null, failure.get());
        }
    }

    @DisplayName("T-B20 move in use")
    @EachBacking
    void shouldMoveASlotUnderARunningVcpu(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            HostMapping mapping = kvm.hostSlot(SLOT, GPA, LARGE);
            Memslot here = Memslot.ofMapping(SLOT, GPA, LARGE, mapping, 0);
            Memslot below = Memslot.ofMapping(SLOT, GPA - PAGE, LARGE, mapping, 0);
            mapping.storeLong(0, 1);
            try (Spinner spinner = new Spinner(kvm)) {
                spinner.await(1);
                for (int loop = 0; loop < LOOPS; loop++) {
                    kvm.vm.slots().set(below);
                    mapping.storeLong(0, 2);
                    spinner.awaitReads();
                    spinner.await(0); // the second page of the mapping
                    mapping.storeLong(0, 1);
                    kvm.vm.slots().set(here);
                    spinner.await(1);
                }
                assertFalse(spinner.seen.contains(2L), "what was written after the slot had gone was seen");
                assertEquals(1, kvm.vm.slots().list().size());
            }
        }
    }

    @DisplayName("T-B21 delete in use")
    @EachBacking
    void shouldDeleteASlotUnderARunningVcpu(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            HostMapping mapping = kvm.hostSlot(SLOT, GPA, LARGE);
            try (Spinner spinner = new Spinner(kvm)) {
                spinner.await(0);
                for (int loop = 0; loop < LOOPS; loop++) {
                    kvm.vm.slots().delete(SLOT);
                    mapping.storeLong(0, 77);
                    spinner.await(MMIO);
                    mapping.close();
                    mapping = kvm.hostSlot(SLOT, GPA, LARGE);
                    spinner.await(0);
                }
                kvm.vm.slots().delete(SLOT);
                spinner.await(MMIO);
                assertEquals(Set.of(0L, MMIO), spinner.seen, "a deleted slot shows no stale bytes");
            }
        }
    }

    @DisplayName("T-B21 delete in use: a store")
    @ParameterizedTest(name = "{displayName} [{0}]")
    @EnumSource(value = KvmVm.Backing.class, names = "IN_PLACE")
    void shouldShowNoStaleBytesOfAStore(KvmVm.Backing backing) {
        try (KvmVm kvm = KvmVm.of(backing)) {
            var store = kvm.storeSlot(SLOT, GPA, LARGE);
            try (Spinner spinner = new Spinner(kvm)) {
                spinner.await(0);
                for (int loop = 0; loop < LOOPS; loop++) {
                    kvm.vm.slots().delete(SLOT);
                    spinner.await(MMIO);
                    store.close();
                    store = kvm.storeSlot(SLOT, GPA, LARGE);
                    spinner.await(0);
                }
                assertEquals(Set.of(0L, MMIO), spinner.seen);
            }
        }
    }
}
