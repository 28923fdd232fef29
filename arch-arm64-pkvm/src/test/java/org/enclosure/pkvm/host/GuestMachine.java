package org.enclosure.pkvm.host;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.host.HostAddressSpace;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.policy.PolicySet;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestProgram;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.core.vm.HostImpl;
import org.enclosure.pkvm.PkvmProvider;
import org.enclosure.pkvm.wire.Smccc;

/// A host with one VM of 8 MiB at gpa 0, whose pages are private at first.
final class GuestMachine implements AutoCloseable {
    static final long PAGE = 4096;
    static final long RAM = 8L << 20;
    static final long HOST_RAM = 64L << 20;

    final Host host;
    final Vm vm;
    final GuestMemoryStore store;
    final HostAddressSpace process;
    final HostMapping mapping;
    final Vcpu vcpu;

    private GuestMachine(Host host, String type, List<String> policies) {
        this.host = host;
        PolicySet set = PolicySet.defaults();
        for (String policy : policies) {
            set = set.with(policy);
        }
        vm = host.createVm(VmOptions.of(type).withVcpus(2).with(set));
        store = vm.createStore(RAM,
                type.equals("protected") ? Set.of(StoreFlag.MMAP) : Set.of(StoreFlag.MMAP, StoreFlag.INIT_SHARED));
        process = host.createAddressSpace();
        mapping = process.map(store, 0, RAM);
        vm.slots().create(Memslot.ofStore(0, 0, RAM, store, 0));
        vcpu = vm.createVcpu(0);
    }

    static Host host(String profile) {
        return HostImpl.open(new PkvmProvider(), new HostOptions("arm64-pkvm", HOST_RAM, Map.of("profile", profile)));
    }

    /// A protected VM on a host of its own.
    static GuestMachine of(String profile, String... policies) {
        return new GuestMachine(host(profile), "protected", List.of(policies));
    }

    /// A VM on a host of its own.
    static GuestMachine ofType(String profile, String type) {
        return new GuestMachine(host(profile), type, List.of());
    }

    /// A protected VM on a host that others use.
    static GuestMachine on(Host host) {
        return new GuestMachine(host, "protected", List.of());
    }

    VmExit run(GuestProgram guest) {
        return vcpu.run(guest, ExitHandler.POLICY);
    }

    /// The frame behind a gpa.
    long pa(long gpa) {
        return vm.inspect(gpa).pa();
    }

    /// An HVC of the guest.
    ///
    /// @return R0
    static long hvc(GuestCpu cpu, int function, long first, long second, long third) {
        RegisterFile registers = cpu.registers();
        registers.clear();
        registers.set(0, Smccc.SERVICE + function & 0xffff_ffffL);
        registers.set(1, first);
        registers.set(2, second);
        registers.set(3, third);
        cpu.execute(Smccc.HVC, registers);
        return registers.get(0);
    }

    /// Closes the VM, not the host.
    void closeVm() {
        vcpu.close();
        vm.close();
        store.close();
        process.close();
    }

    @Override
    public void close() {
        closeVm();
        host.close();
    }
}
