package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.GuestVm.PAGE;
import static org.enclosure.core.kvm.GuestVm.holds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.HostAccessException.Signal;
import org.enclosure.api.host.HostMapping;
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

/// The machine of KVM's private_mem_conversions_test: memory at 4 GiB, 2M + 4K for each vCPU, all shared at first, in one gmem
/// store and some number of slots. With split backing the shared half is an anonymous mapping (Linux 6.8), in place it is a
/// mapping of the store (the later series).
final class ConversionArea implements AutoCloseable {
    static final long BASE = 4L << 30;
    static final long LARGE = 2L << 20;
    static final long AREA = LARGE + PAGE;
    /// The ranges that are tried: offset and length.
    static final long[][] RANGES = {{0, PAGE}, {0, LARGE}, {PAGE, PAGE}, {PAGE, LARGE}, {LARGE, PAGE}};
    static final int SET_ATTRIBUTES = 1;
    static final int TO_SHARED = 1 << 1;
    static final int ALLOCATE = 1 << 2;

    final GuestMemorySystem system = GuestMemorySystem.builder().build();
    final Host host = system.openHost(HostOptions.of("software", 128L << 20));
    final Vm vm;
    final boolean split;
    final GuestMemoryStore store;
    final HostMapping mapping;
    final List<Vcpu> vcpus = new ArrayList<>();
    private final long bytes;

    ConversionArea(String backing, int vcpuCount, int slots, String page) {
        split = backing.equals("split");
        bytes = vcpuCount * AREA;
        vm = host.createVm(VmOptions.of("software-protected").withVcpus(vcpuCount)
                .with(PolicySet.defaults().with("backing=" + backing).with("page=" + page)));
        vm.enableHypercallExits(1 << VmExit.MAP_GPA_RANGE);
        store = vm.createStore(bytes, Set.of(StoreFlag.MMAP, StoreFlag.INIT_SHARED));
        mapping = split ? host.createAddressSpace().map(bytes) : host.createAddressSpace().map(store, 0, bytes);
        long each = bytes / slots;
        for (int slot = 0; slot < slots; slot++) {
            vm.slots().create(new Memslot(10 + slot, BASE + slot * each, each, Set.of(), mapping, slot * each, store,
                    slot * each));
        }
        for (int i = 0; i < vcpuCount; i++) {
            vcpus.add(vm.createVcpu(i));
        }
    }

    ConversionArea(String backing) {
        this(backing, 1, 1, "2m");
    }

    long start(int vcpu) {
        return BASE + vcpu * AREA;
    }

    /// What the VMM does with the hypercall: by its bits, allocation first.
    ExitAction convert(VmExit exit) {
        long bits = exit.argument(2);
        boolean toShared = (bits & TO_SHARED) != 0;
        long offset = exit.gpa() - BASE;
        if ((bits & ALLOCATE) != 0 && toShared) {
            store.punchHole(offset, exit.bytes());
        } else if ((bits & ALLOCATE) != 0) {
            store.allocate(offset, exit.bytes());
        }
        if ((bits & SET_ATTRIBUTES) != 0) {
            MemoryKind kind = MemoryKind.of(!toShared);
            if (split) {
                vm.attributes().set(exit.gpa(), exit.bytes(), kind);
            } else {
                store.convert(offset, exit.bytes(), kind);
            }
        }
        return GuestVm.answer(exit, 0);
    }

    static void ask(GuestCpu cpu, long gpa, long length, int bits) {
        assertEquals(0, GuestVm.mapGpaRange(cpu, gpa, length, bits));
    }

    static void toPrivate(GuestCpu cpu, long gpa, long length, int allocate) {
        ask(cpu, gpa, length, SET_ATTRIBUTES | allocate);
    }

    static void toShared(GuestCpu cpu, long gpa, long length, int allocate) {
        ask(cpu, gpa, length, SET_ATTRIBUTES | TO_SHARED | allocate);
    }

    /// SYNC SHARED: the host sees `old` and writes `next`.
    void syncShared(long gpa, long length, int old, int next) {
        assertTrue(holds(mapping, gpa - BASE, length, old), () -> "the host sees 0x"
                + Long.toHexString(mapping.loadLong(gpa - BASE)) + " at 0x" + Long.toHexString(gpa));
        GuestVm.fill(mapping, gpa - BASE, length, next);
    }

    /// SYNC PRIVATE: the host's half still holds `pattern`; in place there is no half, and it gets SIGBUS.
    void syncPrivate(long gpa, long length, int pattern) {
        if (split) {
            assertTrue(holds(mapping, gpa - BASE, length, pattern),
                    () -> "the host's half at 0x" + Long.toHexString(gpa));
            return;
        }
        for (long at = gpa - BASE; at < gpa - BASE + length; at += PAGE) {
            long offset = at;
            assertEquals(Signal.SIGBUS,
                    assertThrows(HostAccessException.class, () -> mapping.loadLong(offset)).signal());
        }
    }

    /// Checks all of an area but one range.
    static void assertRest(GuestCpu cpu, long start, long offset, long length, int value) {
        assertTrue(holds(cpu, start, offset, value), "before the range");
        assertTrue(holds(cpu, start + offset + length, AREA - offset - length, value), "after the range");
    }

    static String name(long[] range) {
        return Arrays.toString(range);
    }

    @Override
    public void close() {
        vcpus.forEach(Vcpu::close);
        system.close();
    }
}
