package org.enclosure.core.kvm;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.exit.ExitAction;
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
import org.junit.jupiter.api.function.Executable;

/// A VM as the selftests of KVM set one up: a host, a VM without slots, one process.
final class KvmVm implements AutoCloseable {
    static final long PAGE = 4096;
    static final long LARGE = 2L << 20;
    static final long GIB = 1L << 30;
    /// The address of the test region of set_memory_region_test and private_mem_kvm_exits_test.
    static final long GPA = 0xc000_0000L;

    /// Where the shared half lives.
    enum Backing {
        IN_PLACE, SPLIT;

        String policy() {
            return "backing=" + name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    final GuestMemorySystem system = GuestMemorySystem.builder().build();
    final Host host;
    final Vm vm;
    final HostAddressSpace process;
    final Vcpu vcpu;

    private KvmVm(String type, long hostMemory, List<String> policies) {
        host = system.openHost(HostOptions.of("software", hostMemory));
        vm = createVm(type, policies);
        process = host.createAddressSpace();
        vcpu = vm.createVcpu(0);
    }

    /// A VM with private memory: KVM_X86_SW_PROTECTED_VM.
    static KvmVm of(Backing backing, String... policies) {
        List<String> all = new ArrayList<>(List.of(policies));
        all.add(backing.policy());
        return new KvmVm("software-protected", 256L << 20, all);
    }

    /// A VM without private memory: the default type.
    static KvmVm ordinary(String... policies) {
        return new KvmVm("default", 256L << 20, List.of(policies));
    }

    /// Another VM of the same host.
    Vm createVm(String type, List<String> policies) {
        PolicySet set = PolicySet.defaults();
        for (String policy : policies) {
            set = set.with(policy);
        }
        return host.createVm(VmOptions.of(type).withVcpus(8).with(set));
    }

    GuestMemoryStore store(long bytes, StoreFlag... flags) {
        Set<StoreFlag> set = EnumSet.noneOf(StoreFlag.class);
        set.addAll(List.of(flags));
        return vm.createStore(bytes, set);
    }

    /// A slot of anonymous host memory.
    HostMapping hostSlot(int id, long gpa, long bytes) {
        HostMapping mapping = process.map(bytes);
        vm.slots().create(Memslot.ofMapping(id, gpa, bytes, mapping, 0));
        return mapping;
    }

    /// A slot with a store, which is its only memory.
    GuestMemoryStore storeSlot(int id, long gpa, long bytes, StoreFlag... flags) {
        GuestMemoryStore store = store(bytes, flags);
        vm.slots().create(Memslot.ofStore(id, gpa, bytes, store, 0));
        return store;
    }

    /// Runs a guest, whose exits are left to the policy.
    VmExit run(GuestProgram guest) {
        return vcpu.run(guest, ExitHandler.POLICY);
    }

    /// Runs a guest up to its first exit.
    VmExit runToExit(GuestProgram guest) {
        return vcpu.run(guest, exit -> ExitAction.STOP);
    }

    /// The error of a call that has to be refused.
    static Errno errnoOf(Executable call) {
        return refusalOf(call).errno();
    }

    static GuestMemoryException refusalOf(Executable call) {
        return assertThrows(GuestMemoryException.class, call);
    }

    @Override
    public void close() {
        vcpu.close();
        system.close();
    }
}
