package org.enclosure.tck.schedule.scene;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.Paging;
import org.enclosure.api.exit.ExitAction;
import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.HostAddressSpace;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.host.Pin;
import org.enclosure.api.policy.PolicySet;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.tck.machine.TestHost;
import org.enclosure.tck.schedule.Race;

/// Two or three acts on one page of a small VM.
///
/// Every word that is written tells its page: whoever reads a word of another page, or finds one in memory that is not that page's
/// any longer, has used a translation that should be gone. Freed frames are poisoned by the test's [PoisonedProvider].
final class ActRace implements Race {
    static final int PAGES = 8;
    static final int TARGET = 3;
    private static final long PAGE = Paging.PAGE_SIZE;
    private static final long BYTES = PAGES * PAGE;

    private final PoisonedProvider provider;
    private final TestHost host;
    private final HostAddressSpace space;
    private final Vm vm;
    private final Vm second;
    private final GuestMemoryStore store;
    private final HostMapping mapping;
    private final List<Runnable> bodies = new ArrayList<>();
    private final List<Vcpu> vcpus = new ArrayList<>();
    private final List<Vcpu> seconds = new ArrayList<>();
    private int counter;

    ActRace(SceneConfig config, List<Act> acts) {
        provider = new PoisonedProvider(config.provider());
        host = new TestHost(config.plugin(provider));
        space = host.host().createAddressSpace();
        vm = createVm(config, acts.size());
        second = createVm(config, acts.size());
        store = vm.createStore(BYTES, Set.of(StoreFlag.MMAP));
        mapping = space.map(store, 0, BYTES);
        createSlot();
        GuestMemoryStore other = second.createStore(BYTES, Set.of());
        second.slots().create(Memslot.ofStore(0, 0, BYTES, other, 0));
        for (int i = 0; i < acts.size(); i++) {
            vcpus.add(vm.createVcpu(i));
            seconds.add(second.createVcpu(i));
        }
        populate(config.startsShared());
        unmap(config.startsShared());
        provider.watch(vm, PAGES);
        for (int i = 0; i < acts.size(); i++) {
            bodies.add(body(acts.get(i), i));
        }
    }

    private Vm createVm(SceneConfig config, int count) {
        PolicySet policies = PolicySet.defaults().with("page=" + config.page()).with("backing=in-place");
        return host.host().createVm(VmOptions.of(config.type()).withVcpus(count).with(policies));
    }

    private void createSlot() {
        vm.slots().create(Memslot.ofStore(0, 0, BYTES, store, 0));
    }

    private void populate(boolean shared) {
        run(vcpus.getFirst(), cpu -> {
            for (int page = 0; page < PAGES; page++) {
                cpu.storeLong(cpu.address(page * PAGE, true), word(page));
            }
        });
        if (shared) {
            vm.conversions().convert(0, BYTES, MemoryKind.SHARED);
            for (int page = 0; page < PAGES; page++) {
                mapping.storeLong(page * PAGE, Words.byHost(page, ++counter));
            }
        }
    }

    /// The page before the target has a frame and no translation, the target has both.
    private void unmap(boolean shared) {
        vm.slots().delete(0);
        createSlot();
        access(vcpus.getFirst(), TARGET, !shared);
    }

    private long word(int page) {
        return Words.of(page, ++counter);
    }

    @Override
    public List<Runnable> bodies() {
        return bodies;
    }

    private Runnable body(Act act, int index) {
        return switch (act) {
            case FAULT -> () -> fault(vcpus.get(index));
            case CONVERT -> this::convert;
            case PUNCH -> () -> tolerate(() -> store.punchHole((TARGET - 1) * PAGE, 2 * PAGE));
            case SLOT -> this::replaceSlot;
            case PIN -> this::pin;
            case HOST_ACCESS -> this::hostAccess;
            case SECOND_VM -> () -> useSecond(seconds.get(index));
            case SNAPSHOT -> this::snapshot;
        };
    }

    // ---- acts -----------------------------------------------------------------------------------------------------------

    private void fault(Vcpu vcpu) {
        for (int page = TARGET - 1; page <= TARGET; page++) {
            access(vcpu, page, true);
            access(vcpu, page, false);
        }
    }

    private void access(Vcpu vcpu, int page, boolean isPrivate) {
        run(vcpu, cpu -> {
            long address = cpu.address(page * PAGE, isPrivate);
            check("a guest's load of page " + page, page, cpu.loadLong(address));
            cpu.storeLong(address, word(page));
            check("a guest's second load of page " + page, page, cpu.loadLong(address));
        });
    }

    private void run(Vcpu vcpu, java.util.function.Consumer<GuestCpu> guest) {
        VmExit exit = vcpu.run(cpu -> {
            cpu.onEvent(ActRace::accept);
            guest.accept(cpu);
        }, seen -> ExitAction.STOP);
        boolean isFine = exit.reason() == ExitReason.HALTED || exit.reason() == ExitReason.MMIO
                || exit.reason() == ExitReason.MEMORY_FAULT && exit.errno() == Errno.EFAULT;
        if (!isFine) {
            throw new AssertionError("exit " + exit.reason() + " " + exit.errno() + " at gpa 0x"
                    + Long.toHexString(exit.gpa()) + ": " + exit.cause());
        }
    }

    private static boolean accept(GuestCpu cpu, int event, long gpa) {
        if (event == GuestEvent.UNACCEPTED) {
            cpu.accept(gpa & -PAGE, PAGE);
        }
        return event == GuestEvent.UNACCEPTED;
    }

    private void convert() {
        tolerate(() -> vm.conversions().convert((TARGET - 1) * PAGE, 3 * PAGE, MemoryKind.SHARED), Errno.EINVAL);
        tolerate(() -> vm.conversions().convert((TARGET - 1) * PAGE, 3 * PAGE, MemoryKind.PRIVATE), Errno.EINVAL);
    }

    /// EAGAIN because of a pin is always legal; EINVAL and EEXIST are where two act on one slot.
    private static void tolerate(Runnable call, Errno... also) {
        try {
            call.run();
        } catch (GuestMemoryException e) {
            if (e.errno() != Errno.EAGAIN && !List.of(also).contains(e.errno())) {
                throw e;
            }
        }
    }

    private void replaceSlot() {
        tolerate(() -> vm.slots().delete(0), Errno.EINVAL);
        tolerate(this::createSlot, Errno.EINVAL, Errno.EEXIST);
    }

    private void pin() {
        try (Pin pin = mapping.pin(TARGET * PAGE, PAGE, "device")) {
            check("a device's load", TARGET, pin.loadLong(0));
            pin.storeLong(0, Words.byHost(TARGET, ++counter));
            check("a device's second load", TARGET, pin.loadLong(0));
        } catch (GuestMemoryException e) {
            if (e.errno() != Errno.EFAULT) {
                throw e;
            }
        }
    }

    private void hostAccess() {
        for (int page = TARGET - 1; page <= TARGET; page++) {
            try {
                check("the host's load", page, mapping.loadLong(page * PAGE));
                mapping.storeLong(page * PAGE, Words.byHost(page, ++counter));
            } catch (HostAccessException e) {
                if (e.signal() != HostAccessException.Signal.SIGBUS) {
                    throw e;
                }
            }
        }
    }

    private void useSecond(Vcpu vcpu) {
        run(vcpu, cpu -> {
            for (int page = 0; page < PAGES; page++) {
                long found = cpu.loadLong(cpu.address(page * PAGE, true));
                if (found != 0) {
                    throw new AssertionError("the second VM finds 0x" + Long.toHexString(found) + " in a new page");
                }
            }
        });
    }

    private void snapshot() {
        vm.attributes().isUniform(0, BYTES, MemoryKind.PRIVATE);
        vm.inspect(TARGET * PAGE);
        vm.pagesByState();
        vm.stats();
    }

    private static void check(String what, int page, long word) {
        if (!Words.mayStandIn(page, word)) {
            throw new AssertionError(what + " finds 0x" + Long.toHexString(word));
        }
    }

    // ---- afterwards -----------------------------------------------------------------------------------------------------

    @Override
    public void check() {
        provider.checkLeaves(vm);
        provider.checkPoison(vm);
        for (int page = 0; page < PAGES; page++) {
            boolean isPrivate = vm.attributes().kind(page * PAGE).isPrivate();
            access(vcpus.getFirst(), page, isPrivate);
        }
    }

    @Override
    public void close() {
        vcpus.forEach(Vcpu::close);
        seconds.forEach(Vcpu::close);
        mapping.close();
        vm.close();
        second.close();
        space.close();
        host.close();
    }
}
