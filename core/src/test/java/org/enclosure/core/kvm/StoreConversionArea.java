package org.enclosure.core.kvm;

import static org.enclosure.core.kvm.GuestVm.PAGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.EnumSet;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.HostAccessException.Signal;
import org.enclosure.api.host.HostAddressSpace;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.policy.PolicySet;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.vcpu.GuestProgram;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.core.GuestMemorySystem;

/// The machine of KVM's guest_memfd_conversions_test: slot 1 at 4 GiB, whose store is mapped by the host and converted in place.
final class StoreConversionArea implements AutoCloseable {
    static final long BASE = 4L << 30;

    final GuestMemorySystem system = GuestMemorySystem.builder().build();
    final Host host = system.openHost(HostOptions.of("software", 64L << 20));
    final Vm vm;
    final GuestMemoryStore store;
    final HostAddressSpace process;
    final HostMapping mapping;
    final Vcpu vcpu;

    /// @param page the largest page
    StoreConversionArea(int pages, boolean startsShared, String page) {
        vm = host.createVm(VmOptions.of("software-protected").withVcpus(2)
                .with(PolicySet.defaults().with("page=" + page).with("convert=store")));
        EnumSet<StoreFlag> flags = EnumSet.of(StoreFlag.MMAP);
        if (startsShared) {
            flags.add(StoreFlag.INIT_SHARED);
        }
        store = vm.createStore(pages * PAGE, flags);
        process = host.createAddressSpace();
        mapping = process.map(store, 0, pages * PAGE);
        vm.slots().create(new Memslot(1, BASE, pages * PAGE, java.util.Set.of(), mapping, 0, store, 0));
        vcpu = vm.createVcpu(0);
    }

    void toPrivate(long page) {
        store.convert(page * PAGE, PAGE, MemoryKind.PRIVATE);
    }

    void toShared(long page) {
        store.convert(page * PAGE, PAGE, MemoryKind.SHARED);
    }

    void guest(GuestProgram program) {
        assertEquals(ExitReason.HALTED, vcpu.run(program, ExitHandler.POLICY).reason());
    }

    /// Host reads `start` and writes `hostValue`; the guest reads that and writes `guestValue`; the host reads that.
    void testShared(long page, long start, long hostValue, long guestValue) {
        long at = page * PAGE;
        assertEquals(start, mapping.loadLong(at), "the host reads page " + page);
        mapping.storeLong(at, hostValue);
        guest(cpu -> {
            assertEquals(hostValue, cpu.loadLong(BASE + at), "the guest reads page " + page);
            cpu.storeLong(BASE + at, guestValue);
        });
        assertEquals(guestValue, mapping.loadLong(at), "the host reads page " + page);
    }

    /// The host gets SIGBUS; the guest reads `start` and writes `next`; the host gets SIGBUS.
    void testPrivate(long page, long start, long next) {
        long at = page * PAGE;
        assertEquals(Signal.SIGBUS,
                assertThrows(HostAccessException.class, () -> mapping.storeLong(at, -1)).signal());
        guest(cpu -> {
            assertEquals(start, cpu.loadLong(BASE + at), "the guest reads page " + page);
            cpu.storeLong(BASE + at, next);
        });
        assertEquals(Signal.SIGBUS, assertThrows(HostAccessException.class, () -> mapping.loadLong(at)).signal());
    }

    @Override
    public void close() {
        vcpu.close();
        system.close();
    }
}
