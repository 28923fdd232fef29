package org.enclosure.core.kvm;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitAction;
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
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.software.SoftwareProvider;

/// One VM with 8M of memory, all shared at first, and what its VMM holds of it.
final class GuestVm implements AutoCloseable {
    static final long PAGE = 4096;
    static final long RAM = 8L << 20;
    /// Attribute bit of MAP_GPA_RANGE: to private.
    static final long ENCRYPTED = 1 << 4;

    final GuestMemorySystem system = GuestMemorySystem.builder().build();
    final Host host;
    final Vm vm;
    final GuestMemoryStore store;
    final HostAddressSpace process;
    final HostMapping mapping;
    final Vcpu vcpu;

    private GuestVm(String architecture, String type, UnaryOperator<VmOptions> change, List<String> policies) {
        host = system.openHost(HostOptions.of(architecture, 64L << 20));
        PolicySet set = PolicySet.defaults();
        for (String policy : policies) {
            set = set.with(policy);
        }
        vm = host.createVm(change.apply(VmOptions.of(type).withVcpus(4).with(set)));
        store = vm.createStore(RAM, Set.of(StoreFlag.MMAP, StoreFlag.INIT_SHARED));
        process = host.createAddressSpace();
        boolean split = policies.contains("backing=split");
        mapping = split ? process.map(RAM) : process.map(store, 0, RAM);
        vm.slots().create(new Memslot(0, 0, RAM, Set.of(), mapping, 0, store, 0));
        vcpu = vm.createVcpu(0);
    }

    /// A software-protected VM.
    static GuestVm with(String... policies) {
        return with(options -> options, policies);
    }

    static GuestVm with(UnaryOperator<VmOptions> change, String... policies) {
        return new GuestVm("software", "software-protected", change, List.of(policies));
    }

    /// A VM whose requests reach the VMM by the exit `exit`.
    static GuestVm exitingBy(String exit, String... policies) {
        return with(options -> options.with("exit", exit), policies);
    }

    /// A VM of the test architecture.
    static GuestVm ofTest(String type, String... policies) {
        return new GuestVm("test", type, options -> options, List.of(policies));
    }

    /// How many faults of vCPU 0 had an outcome.
    long faults(String outcome) {
        return vcpu.stats().faults().getOrDefault(outcome, 0L);
    }

    /// How many exits of vCPU 0 had a reason.
    long exits(String reason) {
        return vcpu.stats().exits().getOrDefault(reason, 0L);
    }

    MemoryKind kind(long gpa) {
        return vm.attributes().kind(gpa);
    }

    boolean isAll(long gpa, long bytes, MemoryKind kind) {
        return vm.attributes().isUniform(gpa, bytes, kind);
    }

    /// Runs a guest whose exits are left to the policy.
    VmExit run(GuestProgram guest) {
        return vcpu.run(guest, ExitHandler.POLICY);
    }

    VmExit run(GuestProgram guest, ExitHandler handler) {
        return vcpu.run(guest, handler);
    }

    /// Runs a guest on a thread of its own.
    static CompletableFuture<VmExit> start(Vcpu vcpu, GuestProgram guest, ExitHandler handler) {
        CompletableFuture<VmExit> end = new CompletableFuture<>();
        Thread thread = new Thread(() -> {
            try {
                end.complete(vcpu.run(guest, handler));
            } catch (RuntimeException | Error e) {
                end.completeExceptionally(e);
            }
        }, "vcpu-" + vcpu.index());
        thread.setDaemon(true);
        thread.start();
        return end;
    }

    /// The guest's MAP_GPA_RANGE.
    ///
    /// @return rax
    static long mapGpaRange(GuestCpu cpu, long gpa, long bytes, long attributes) {
        RegisterFile registers = cpu.registers();
        registers.set(0, VmExit.MAP_GPA_RANGE);
        registers.set(1, gpa);
        registers.set(2, bytes / PAGE);
        registers.set(3, attributes);
        cpu.execute(SoftwareProvider.HYPERCALL, registers);
        return registers.get(0);
    }

    static void fill(GuestCpu cpu, long gpa, long bytes, int value) {
        byte[] pattern = pattern(bytes, value);
        cpu.write(gpa, pattern, 0, pattern.length);
    }

    static boolean holds(GuestCpu cpu, long gpa, long bytes, int value) {
        byte[] seen = new byte[(int) bytes];
        cpu.read(gpa, seen, 0, seen.length);
        return Arrays.equals(seen, pattern(bytes, value));
    }

    static byte[] pattern(long bytes, int value) {
        byte[] pattern = new byte[(int) bytes];
        Arrays.fill(pattern, (byte) value);
        return pattern;
    }

    static void fill(HostMapping host, long offset, long bytes, int value) {
        host.write(offset, pattern(bytes, value), 0, (int) bytes);
    }

    static boolean holds(HostMapping host, long offset, long bytes, int value) {
        byte[] seen = new byte[(int) bytes];
        host.read(offset, seen, 0, seen.length);
        return Arrays.equals(seen, pattern(bytes, value));
    }

    /// An exit as a short line.
    static String describe(VmExit exit) {
        return exit.reason() + " " + exit.gpa() / PAGE + "+" + exit.bytes() / PAGE
                + (exit.isPrivate() ? " private " : " shared ") + exit.obstacle()
                + (exit.holders().isEmpty() ? "" : " " + exit.errorOffset() / PAGE + exit.holders());
    }

    static ExitHandler recording(List<String> exits, ExitHandler next) {
        return exit -> {
            exits.add(describe(exit));
            return next.onExit(exit);
        };
    }

    static ExitAction answer(VmExit exit, long result) {
        exit.setResult(result);
        return ExitAction.RESUME;
    }

    @Override
    public void close() {
        vcpu.close();
        system.close();
    }
}
