package org.enclosure.core.vm;

import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.exit.VmExit;
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

/// A host with one VM that has 16M of memory at gpa 0, private at first, and a mapping of what the host may reach.
final class Machine implements AutoCloseable {
    static final long PAGE = 4096;
    static final long LARGE = 2L << 20;
    static final long RAM = 16L << 20;

    /// A type of VM with its policies.
    record Kind(String architecture, String type, List<String> policies) {
        @Override
        public String toString() {
            return architecture + "/" + type + policies;
        }
    }

    final GuestMemorySystem system = GuestMemorySystem.builder().build();
    final Host host;
    final Vm vm;
    final GuestMemoryStore store;
    final HostAddressSpace process;
    final HostMapping mapping;
    final Vcpu vcpu;

    Machine(Kind kind) {
        this(kind, options -> options);
    }

    Machine(Kind kind, UnaryOperator<VmOptions> change) {
        host = system.openHost(HostOptions.of(kind.architecture, 64L << 20));
        PolicySet policies = PolicySet.defaults();
        for (String policy : kind.policies) {
            policies = policies.with(policy);
        }
        vm = host.createVm(change.apply(VmOptions.of(kind.type).withVcpus(4).with(policies)));
        store = vm.createStore(RAM, Set.of(StoreFlag.MMAP));
        process = host.createAddressSpace();
        mapping = isSplit(kind) ? process.map(RAM) : process.map(store, 0, RAM);
        vm.slots().create(new Memslot(0, 0, RAM, Set.of(), mapping, 0, store, 0));
        vm.conversions().convert(0, RAM, MemoryKind.PRIVATE);
        vcpu = vm.createVcpu(0);
    }

    private static boolean isSplit(Kind kind) {
        return kind.policies.contains("backing=split");
    }

    /// All kinds of VM that have private memory.
    static List<Kind> kinds() {
        return List.of(new Kind("software", "software-protected", List.of()),
                new Kind("software", "software-protected", List.of("page=4k")),
                new Kind("software", "software-protected", List.of("backing=split")),
                new Kind("test", "core-owned", List.of()), new Kind("test", "core-owned", List.of("page=4k")),
                new Kind("test", "core-owned", List.of("table=conversion")),
                new Kind("test", "backend-owned", List.of()),
                new Kind("test", "backend-owned", List.of("page=4k")), new Kind("test", "backend-both", List.of()));
    }

    static Kind software(String... policies) {
        return new Kind("software", "software-protected", List.of(policies));
    }

    static Kind test(String type) {
        return new Kind("test", type, List.of());
    }

    /// Runs a guest, whose exits are left to the policy.
    VmExit run(GuestProgram guest) {
        return vcpu.run(guest, ExitHandler.POLICY);
    }

    @Override
    public void close() {
        vcpu.close();
        system.close();
    }
}
