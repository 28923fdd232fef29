package org.enclosure.examples;

import java.lang.foreign.MemorySegment;
import java.util.Map;
import java.util.Set;

import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.host.HostAddressSpace;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.core.GuestMemorySystem;

/// Embedding without Guice: a whole VMM. Its guest shares a page and writes a number there, which the host reads.
public final class EmbedWithBuilder {
    private static final long RAM = 16L << 20;
    private static final long PAGE = 4096;

    private EmbedWithBuilder() {
    }

    /// Runs the guest.
    ///
    /// @param number what the guest writes
    /// @return what the host reads
    public static long run(long number) {
        try (GuestMemorySystem system = GuestMemorySystem.builder().build();
                Host host = system.openHost(HostOptions.of("software", 4 * RAM));
                Vm vm = host.createVm(VmOptions.of("software-protected"));
                GuestMemoryStore store = vm.createStore(RAM, Set.of(StoreFlag.MMAP));
                HostAddressSpace process = host.createAddressSpace();
                HostMapping mapping = process.map(store, 0, RAM);
                Vcpu vcpu = vm.createVcpu(0)) {
            vm.slots().create(Memslot.ofStore(0, 0, RAM, store, 0));
            vm.launch(MemorySegment.ofArray(new byte[(int) PAGE]), Map.of("gpa", "0"));
            vcpu.run(guest -> {
                guest.share(PAGE, PAGE);
                guest.storeLong(guest.address(PAGE, false), number);
            }, ExitHandler.POLICY);
            return mapping.loadLong(PAGE);
        }
    }
}
