package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.GuestVm.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.slot.MemslotFlag;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.api.vm.VmStats;
import org.enclosure.core.GuestMemorySystem;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// KVM's dirty_log_page_splitting_test, with the counters of the engine's stage 2: two vCPUs, a slot each.
class DirtyLogSplittingCasesTest {
    private static final long SLOT_BYTES = 16L << 20;
    private static final long TOTAL = 2 * SLOT_BYTES / PAGE;
    private static final long GPA = 1L << 30;

    private static final class Machine implements AutoCloseable {
        final GuestMemorySystem system = GuestMemorySystem.builder().build();
        final Host host = system.openHost(HostOptions.of("software", 128L << 20));
        final Vm vm = host.createVm(VmOptions.of("default").withVcpus(2));
        final HostMapping mapping = host.createAddressSpace().map(2 * SLOT_BYTES);
        final List<Vcpu> vcpus = new ArrayList<>();

        Machine(boolean manual) {
            if (manual) {
                vm.dirtyLog().enableManualProtect(true);
            }
            setSlots(Set.of());
            vcpus.add(vm.createVcpu(0));
            vcpus.add(vm.createVcpu(1));
        }

        private void setSlots(Set<MemslotFlag> flags) {
            for (int slot = 0; slot < 2; slot++) {
                vm.slots().set(new Memslot(slot, GPA + slot * SLOT_BYTES, SLOT_BYTES, flags, mapping, slot * SLOT_BYTES,
                        null, 0));
            }
        }

        void writeAll(long value) {
            for (Vcpu vcpu : vcpus) {
                long start = GPA + vcpu.index() * SLOT_BYTES;
                assertEquals(ExitReason.HALTED, vcpu.run(cpu -> {
                    for (long at = 0; at < SLOT_BYTES; at += PAGE) {
                        cpu.storeLong(start + at, value);
                    }
                }, ExitHandler.POLICY).reason());
            }
        }

        long collect(boolean clears) {
            long count = 0;
            for (int slot = 0; slot < 2; slot++) {
                long[] bitmap = new long[(int) (SLOT_BYTES / PAGE / 64)];
                vm.dirtyLog().get(slot, bitmap);
                for (long word : bitmap) {
                    count += Long.bitCount(word);
                }
                if (clears) {
                    vm.dirtyLog().clear(slot, 0, SLOT_BYTES / PAGE, bitmap);
                }
            }
            return count;
        }

        @Override
        public void close() {
            vcpus.forEach(Vcpu::close);
            system.close();
        }
    }

    private static long hugePages(VmStats stats) {
        return stats.mapped2m() + stats.mapped1g();
    }

    @ParameterizedTest(name = "T-H01 to T-H05 [manual protect {0}]")
    @ValueSource(booleans = {false, true})
    @DisplayName("T-H01 populate, T-H02 T-H03 enable, T-H04 passes, T-H05 disable and repopulate")
    void shouldSplitAndMergeWithTheLog(boolean manual) {
        try (Machine machine = new Machine(manual)) {
            machine.writeAll(1);
            VmStats populated = machine.vm.stats();
            assertEquals(TOTAL, populated.mapped2m() * 512 + populated.mapped1g() * 512 * 512, "T-H01");
            machine.setSlots(Set.of(MemslotFlag.LOG_DIRTY));
            if (manual) {
                assertEquals(hugePages(populated), hugePages(machine.vm.stats()), "T-H03 unchanged at enable");
                assertEquals(TOTAL, machine.collect(true), "all pages count as written");
            }
            assertEquals(0, hugePages(machine.vm.stats()), "T-H02, T-H03 after the first clear");
            for (int pass = 2; pass <= 3; pass++) {
                machine.writeAll(pass);
                assertEquals(TOTAL, machine.collect(manual), "T-H04 pass " + pass);
                assertTrue(machine.vm.stats().mapped4k() >= TOTAL, "T-H04 4K mappings in pass " + pass);
                assertEquals(0, hugePages(machine.vm.stats()), "T-H04");
            }
            machine.setSlots(Set.of());
            machine.writeAll(4);
            assertEquals(populated.mapped2m(), machine.vm.stats().mapped2m(), "T-H05");
            assertEquals(populated.mapped1g(), machine.vm.stats().mapped1g(), "T-H05");
        }
    }
}
