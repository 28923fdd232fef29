package org.enclosure.bench;

import java.util.Set;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.policy.PolicyKey;
import org.enclosure.api.policy.PolicySet;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.vcpu.GuestProgram;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.core.GuestMemorySystem;
import org.jspecify.annotations.Nullable;

/// One VM with private memory on the built-in platform: one store behind one slot from gpa 0, and its vCPUs.
final class Scene implements AutoCloseable {
    /// Mappings of at most 2M.
    static final String HUGE = "2m";
    /// Mappings of 4K.
    static final String SMALL = "4k";

    private static final String ARCHITECTURE = "software";
    private static final String TYPE = "software-protected";
    private static final long SLACK = 64L << 20;

    private final Runnable closing;
    private final Host host;
    private final Vm vm;
    private final GuestMemoryStore store;
    private final Vcpu[] vcpus;
    private final long bytes;

    private Scene(Runnable closing, Host host, PolicySet policies, long bytes, int count) {
        this.closing = closing;
        this.host = host;
        this.bytes = bytes;
        vm = host.createVm(VmOptions.of(TYPE).withVcpus(count).with(policies));
        store = vm.createStore(bytes, Set.of());
        vm.slots().create(Memslot.ofStore(0, 0, bytes, store, 0));
        vcpus = new Vcpu[count];
        for (int i = 0; i < count; i++) {
            vcpus[i] = vm.createVcpu(i);
        }
    }

    /// Opens a machine with a VM in a system of its own.
    ///
    /// @param plugins whose code the JVM is to know: see [Plugins]
    /// @param page the largest mapping, [#HUGE] or [#SMALL]
    static Scene open(String plugins, String page, long bytes, int vcpus) {
        GuestMemorySystem system = GuestMemorySystem.builder().build();
        try {
            Plugins.prepare(system, plugins);
            return open(system, system::close, page, bytes, vcpus);
        } catch (RuntimeException e) {
            system.close();
            throw e;
        }
    }

    /// Opens a machine with a VM in a system that stays open.
    static Scene open(GuestMemorySystem system, String page, long bytes, int vcpus) {
        return open(system, null, page, bytes, vcpus);
    }

    private static Scene open(GuestMemorySystem system, @Nullable Runnable closing, String page, long bytes,
            int vcpus) {
        Host host = system.openHost(HostOptions.of(ARCHITECTURE, 2 * bytes + SLACK));
        try {
            PolicySet policies = PolicySet.defaults().with(PolicyKey.PAGE, page);
            return new Scene(closing == null ? host::close : closing, host, policies, bytes, vcpus);
        } catch (RuntimeException e) {
            host.close();
            throw e;
        }
    }

    /// Runs a program to its end on the calling thread.
    void run(int vcpu, GuestProgram program) {
        VmExit exit = vcpus[vcpu].run(program, ExitHandler.POLICY);
        if (exit.reason() != ExitReason.HALTED) {
            throw new IllegalStateException("the guest of a benchmark stopped: " + exit.reason() + ", " + exit.cause());
        }
    }

    /// Converts a range on the host's account.
    void convert(long gpa, long length, MemoryKind target) {
        vm.conversions().convert(gpa, length, target);
    }

    /// Takes all pages out of stage 2 and leaves them in the store, by a conversion there and back.
    void unmapAll() {
        convert(0, bytes, MemoryKind.SHARED);
        convert(0, bytes, MemoryKind.PRIVATE);
    }

    /// Frees all pages; their frames stay committed, and are no longer known to be zero.
    void freeAll() {
        store.punchHole(0, bytes);
    }

    /// Gives what is free back to the operating system.
    void trim() {
        host.trim();
    }

    @Override
    public void close() {
        closing.run();
    }
}
