package org.enclosure.tck.random;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.Paging;
import org.enclosure.api.dirty.DirtyLog;
import org.enclosure.api.policy.ConversionRequest;
import org.enclosure.api.policy.Participant;
import org.enclosure.api.policy.PolicySet;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreOptions;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.spi.VmTrait;
import org.jspecify.annotations.Nullable;

/// Calls that have to be refused: what is wrong with each is one thing, so that the order of the checks does not matter.
final class RefusedSteps implements AutoCloseable {
    private static final long PAGE = Paging.PAGE_SIZE;
    private static final long LIMIT = 16 * PAGE;

    private record Refusal(Errno errno, Runnable call) {
    }

    private final World world;
    private final Checks checks;
    private final GuestMemorySystem system = GuestMemorySystem.builder().build();
    private final List<Refusal> refusals = new ArrayList<>();
    private final Vm other;
    private final Vm failed;
    private final GuestMemoryStore plain;
    private @Nullable GuestMemoryStore failedStore;
    private boolean punches;
    private @Nullable GuestMemoryException refusal;

    RefusedSteps(World world, Checks checks) {
        this.world = world;
        this.checks = checks;
        boolean canSplit = world.type().traits().has(VmTrait.SPLIT_BACKING);
        other = world.host().host().createVm(VmOptions.of(world.type().id())
                .with(PolicySet.defaults().with(canSplit ? "backing=split" : "backing=in-place"))
                .with(new Reentrant()));
        failed = world.host().host().createVm(VmOptions.of(world.type().id())
                .with(PolicySet.defaults().with("backing=in-place")));
        plain = other.createStore(PAGE, Set.of());
        ranges();
        stores(canSplit);
        objects();
        modes();
    }

    private void add(Errno errno, Runnable call) {
        refusals.add(new Refusal(errno, call));
    }

    String refused() {
        Refusal one = refusals.get(world.dice().nextInt(refusals.size()));
        Subject subject = world.subject();
        checks.touch(subject, subject.gfn(), 2);
        return checks.call(one.call, one.errno);
    }

    private Subject any() {
        return world.subjects().getFirst();
    }

    private void convert(long gpa, long bytes) {
        any().vm().conversions().convert(gpa, bytes, MemoryKind.SHARED);
    }

    private void ranges() {
        add(Errno.EINVAL, () -> convert(1, PAGE));
        add(Errno.EINVAL, () -> convert(0, 0));
        add(Errno.EINVAL, () -> convert(0, PAGE + 1));
        add(Errno.EINVAL, () -> convert(-PAGE, PAGE));
        add(Errno.EINVAL, () -> convert(PAGE, Long.MAX_VALUE & -PAGE));
        add(Errno.EINVAL, () -> any().store(0).convert(0, -PAGE, MemoryKind.PRIVATE));
        add(Errno.EINVAL, () -> any().store(0).convert(any().store(0).size(), PAGE, MemoryKind.PRIVATE));
        add(Errno.EINVAL, () -> any().store(0).punchHole(1, PAGE));
        add(Errno.EINVAL, () -> any().store(0).allocate(0, any().store(0).size() + PAGE));
        add(Errno.EINVAL, () -> any().mapping(0).pin(0, 0, "nobody").close());
        add(Errno.EINVAL, () -> any().mapping(0).discard(0, PAGE));
    }

    private void stores(boolean canSplit) {
        GuestMemoryStore closed = other.createStore(PAGE, Set.of());
        closed.close();
        add(Errno.EBADF, () -> closed.allocate(0, PAGE));
        add(Errno.EBADF, () -> closed.punchHole(0, PAGE));
        add(Errno.EBADF, () -> closed.convert(0, PAGE, MemoryKind.SHARED));
        add(Errno.EBADF, () -> other.slots().create(Memslot.ofStore(1, 0, PAGE, closed, 0)));
        add(Errno.ENODEV, () -> world.space().map(plain, 0, PAGE).close());
        add(Errno.EINVAL,
                () -> any().vm().slots().create(Memslot.ofStore(100, Subject.bytes(Subject.GFNS), PAGE, plain, 0)));
        if (canSplit) {
            add(Errno.ENOTTY, () -> plain.convert(0, PAGE, MemoryKind.SHARED));
            add(Errno.ENOTTY, () -> plain.convert(0, PAGE, MemoryKind.PRIVATE));
        }
        add(Errno.ENOMEM, this::allocateTooMuch);
    }

    /// Mostly more than the limit of a store, now and then more than the host has, which takes a thousand times as long.
    private void allocateTooMuch() {
        long bytes = world.oneIn(32) ? 2 * world.host().plugin().memoryBytes() : 2 * LIMIT;
        StoreOptions options = StoreOptions.of(bytes);
        try (GuestMemoryStore large = other.createStore(bytes == 2 * LIMIT ? options.withLimit(LIMIT) : options)) {
            large.allocate(0, bytes);
        }
    }

    private void objects() {
        add(Errno.EEXIST, () -> any().vm().createVcpu(0).close());
        add(Errno.EINVAL, () -> any().vm().createVcpu(Subject.VCPUS).close());
        add(Errno.EEXIST, () -> any().vm().createAccessResolver(1).close());
        add(Errno.EINVAL, () -> any().vm().createStore(PAGE - 1, Set.of()).close());
        add(Errno.EINVAL, () -> any().vm().inspect(-1));
        add(Errno.EINVAL, () -> other.launch(MemorySegment.ofArray(new byte[1]), Map.of()));
        add(Errno.EINVAL, () -> world.host().host().createVm(VmOptions.of("no-such-type")).close());
        add(Errno.ENOENT,
                () -> system.openHost(HostOptions.of("no-such-architecture", HostOptions.MIN_MEMORY)).close());
    }

    /// What an object is not in the state for.
    private void modes() {
        other.dirtyLog().enableRing(DirtyLog.MIN_RING);
        add(Errno.ENXIO, () -> other.dirtyLog().get(0, new long[1]));
        add(Errno.E2BIG, () -> other.dirtyLog().enableRing(2 * DirtyLog.MAX_RING));
        add(Errno.EOPNOTSUPP, other::privateDirtyLog);
        add(Errno.EFBIG, () -> plain.allocate(PAGE, Long.MAX_VALUE & -PAGE));
        add(Errno.EINTR, this::allocateInterrupted);
        add(Errno.EBUSY, this::punchFromAParticipant);
        if (world.type().traits().has(VmTrait.COPIED_PAYLOAD)) {
            loadIntoFailedMemory();
        }
    }

    private void allocateInterrupted() {
        Thread.currentThread().interrupt();
        try {
            plain.allocate(0, PAGE);
        } finally {
            Thread.interrupted();
        }
    }

    private void punchFromAParticipant() {
        punches = true;
        other.conversions().convert(0, PAGE, MemoryKind.SHARED);
        punches = false;
        if (refusal != null) {
            throw refusal;
        }
    }

    /// The page is private from the start, so that no conversion has to work for this.
    private void loadIntoFailedMemory() {
        GuestMemoryStore store = failed.createStore(PAGE, Set.of());
        failed.slots().create(Memslot.ofStore(0, 0, PAGE, store, 0));
        store.allocate(0, PAGE);
        world.host().host().memoryFailure(failed.inspect(0).pa());
        Vcpu vcpu = failed.createVcpu(0);
        add(Errno.EHWPOISON, () -> vcpu.preMap(0, MemorySegment.ofArray(new byte[(int) PAGE])));
        failedStore = store;
    }

    /// Calls what a participant must not call.
    private final class Reentrant implements Participant {
        @Override
        public String name() {
            return "re-entrant";
        }

        @Override
        public boolean prepare(ConversionRequest request) {
            try {
                if (punches) {
                    plain.punchHole(0, PAGE);
                }
            } catch (GuestMemoryException e) {
                refusal = e;
            }
            return true;
        }

        @Override
        public void commit(ConversionRequest request) {
            // Nothing was given up.
        }

        @Override
        public void abort(ConversionRequest request) {
            // Nothing was given up.
        }
    }

    @Override
    public void close() {
        failed.close();
        if (failedStore != null) {
            failedStore.close();
        }
        other.close();
        plain.close();
        system.close();
    }
}
