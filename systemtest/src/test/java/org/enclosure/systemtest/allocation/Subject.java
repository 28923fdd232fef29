package org.enclosure.systemtest.allocation;

import java.util.Set;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.Paging;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitHandler;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.host.HostAddressSpace;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.policy.PolicySet;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.api.vcpu.GuestProgram;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.AccessResolver;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.core.GuestMemorySystem;
import org.jspecify.annotations.Nullable;

/// One VM that is exercised, with everything that an exercise needs made before: an exercise itself must make nothing.
final class Subject implements AutoCloseable {
    /// Pages of the VM; two pages half of it apart share an entry of the TLB.
    static final int PAGES = 2048;

    /// What an exit handler allocates that is planted to be found.
    static volatile @Nullable Object planted;

    private final String name;
    private final Host host;
    private final Vm vm;
    private final GuestMemoryStore store;
    private final HostMapping mapping;
    private final Vcpu vcpu;
    private final AccessResolver resolver;
    private final ExitHandler handler;
    private final boolean tagged;

    /// @param allocates whether its exit handler allocates 16 bytes per exit
    Subject(GuestMemorySystem system, String architecture, String type, String page, boolean allocates) {
        name = architecture + "/" + type + "/" + page;
        host = system.openHost(HostOptions.of(architecture, 64L << 20));
        vm = host.createVm(
                VmOptions.of(type).withVcpus(2).with(PolicySet.defaults().with("page=" + page)));
        long bytes = PAGES * Paging.PAGE_SIZE;
        store = vm.createStore(bytes, Set.of(StoreFlag.MMAP));
        vm.slots().create(Memslot.ofStore(0, 0, bytes, store, 0));
        HostAddressSpace space = host.createAddressSpace();
        mapping = space.map(store, 0, bytes);
        vcpu = vm.createVcpu(0);
        resolver = vm.createAccessResolver(1);
        handler = allocates ? Subject::resumeAndAllocate : ExitHandler.POLICY;
        tagged = vm.address(0, true) != vm.address(0, false);
    }

    private static ExitAction resumeAndAllocate(VmExit exit) {
        planted = new Object();
        return ExitAction.RESUME;
    }

    String name() {
        return name;
    }

    HostMapping mapping() {
        return mapping;
    }

    AccessResolver resolver() {
        return resolver;
    }

    /// Whether addresses tell the kind.
    boolean isTagged() {
        return tagged;
    }

    long address(long page, boolean isPrivate) {
        return vm.address(page * Paging.PAGE_SIZE, isPrivate);
    }

    /// Runs a guest to its end.
    void run(GuestProgram guest) {
        VmExit exit = vcpu.run(guest, handler);
        if (exit.reason() != ExitReason.HALTED) {
            throw new AssertionError(name + ": " + exit.reason() + ": " + exit.cause());
        }
    }

    void convert(long page, long pages, MemoryKind target) {
        vm.conversions().convert(page * Paging.PAGE_SIZE, pages * Paging.PAGE_SIZE, target);
    }

    void request(long page, long pages, MemoryKind target) {
        long result = vm.conversions().request(0, page * Paging.PAGE_SIZE, pages * Paging.PAGE_SIZE, target);
        if (result != 0) {
            throw new AssertionError(name + ": request answered " + result);
        }
    }

    void punch(long page, long pages) {
        store.punchHole(page * Paging.PAGE_SIZE, pages * Paging.PAGE_SIZE);
    }

    /// A guest's handler of exceptions that accepts what it has not accepted yet.
    static boolean acceptOnEvent(GuestCpu cpu, int event, long gpa) {
        if (event != GuestEvent.UNACCEPTED) {
            return false;
        }
        cpu.accept(gpa & -Paging.PAGE_SIZE, Paging.PAGE_SIZE);
        return true;
    }

    @Override
    public void close() {
        host.close();
    }
}
