package org.enclosure.core.vm;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.dirty.PrivateDirtyLog;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.policy.PolicyKey;
import org.enclosure.api.slot.Memslots;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.MemoryStats;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.store.StoreKind;
import org.enclosure.api.store.StoreOptions;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.AccessResolver;
import org.enclosure.api.vm.ConversionService;
import org.enclosure.api.vm.LaunchReport;
import org.enclosure.api.vm.MemoryAttributes;
import org.enclosure.api.vm.MemoryRegions;
import org.enclosure.api.vm.Migration;
import org.enclosure.api.vm.PageReport;
import org.enclosure.api.vm.SharedPages;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmStats;
import org.enclosure.core.convert.ConversionEngine;
import org.enclosure.core.convert.MemoryChanges;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.mem.FrameBudget;
import org.enclosure.core.s2.S2Table;
import org.enclosure.core.slot.MemoryObject;
import org.enclosure.core.slot.PageBacking;
import org.enclosure.core.slot.SlotEntry;
import org.enclosure.core.slot.SlotUser;
import org.enclosure.core.vcpu.AccessResolverImpl;
import org.enclosure.core.vcpu.VcpuImpl;
import org.enclosure.spi.AddressTag;
import org.enclosure.spi.VmTrait;
import org.jspecify.annotations.Nullable;

/// One VM: its parts by name, and their lifetimes.
final class VmImpl implements Vm, SlotUser {
    private static final AtomicLong NUMBERS = new AtomicLong();

    private final HostImpl host;
    private final String type;
    private final VmCore core;
    private final VmMemory memory;
    private final ConversionEngine engine;
    private final MemoryChanges changes;
    private final Places places;
    private final DirtyLogImpl dirtyLog;
    private final PrivateDirtyLog privateDirtyLog;
    private final MemslotsImpl slots;
    private final Launch launch;
    private final PageReports reports;
    private final ConversionServiceImpl conversions;
    private final SharedPagesImpl sharedPages;
    private final MigrationImpl migration;
    private final Reboot reboot;
    private final Set<StoreImpl> stores = new HashSet<>();
    private final Set<MemoryObject> hostMemory = new HashSet<>();
    private final @Nullable FrameBudget budget;
    private final long number = NUMBERS.getAndIncrement();
    private boolean released;

    VmImpl(HostImpl host, VmParts parts) {
        this.host = host;
        type = parts.type().id();
        long limit = parts.options().memoryLimit();
        budget = limit == 0 ? null : new FrameBudget(null, limit >>> Paging.PAGE_SHIFT);
        core = parts.core();
        memory = parts.memory();
        engine = new ConversionEngine(core, parts.options().participants());
        changes = new MemoryChanges(engine);
        launch = new Launch(this);
        places = new Places(core, engine, parts.options(), launch);
        dirtyLog = new DirtyLogImpl(core, places);
        privateDirtyLog = new PrivateDirtyLogImpl(this);
        slots = new MemslotsImpl(this);
        conversions = new ConversionServiceImpl(engine, places.gate(), core);
        reports = new PageReports(core, parts.type().pageStates(), conversions);
        sharedPages = new SharedPagesImpl(core, engine);
        migration = new MigrationImpl(core, sharedPages);
        reboot = new Reboot(core, engine, places);
    }

    /// The limit of all its stores, or null.
    @Nullable
    FrameBudget budget() {
        return budget;
    }

    VmCore core() {
        return core;
    }

    ConversionEngine engine() {
        return engine;
    }

    MemoryChanges changes() {
        return changes;
    }

    Places places() {
        return places;
    }

    @Override
    public String type() {
        return type;
    }

    @Override
    public Map<PolicyKey, String> policies() {
        return core.policies().values();
    }

    @Override
    public GuestMemoryStore createStore(long bytes, Set<StoreFlag> flags) {
        return createStore(new StoreOptions(bytes, flags, StoreKind.ORDINARY, 0));
    }

    @Override
    public GuestMemoryStore createStore(StoreOptions options) {
        core.mutation().lock();
        try {
            core.checkOpen();
            StoreImpl store = new StoreImpl(this, options);
            stores.add(store);
            store.object().watchPins(engine.deferred());
            return store;
        } finally {
            core.mutation().unlock();
        }
    }

    @Override
    public Memslots slots() {
        return slots;
    }

    @Override
    public MemoryAttributes attributes() {
        return reports;
    }

    @Override
    public ConversionService conversions() {
        return conversions;
    }

    @Override
    public MemoryRegions regions() {
        return conversions;
    }

    @Override
    public SharedPages sharedPages() {
        return sharedPages;
    }

    @Override
    public Migration migration() {
        return migration;
    }

    @Override
    public void enableHypercallExits(long mask) {
        core.checkOpen();
        long known = 1L << VmExit.MAP_GPA_RANGE;
        if ((mask & ~known) != 0) {
            throw new GuestMemoryException(Errno.EINVAL, "hypercall mask 0x" + Long.toHexString(mask)
                    + " has bits that are not known; legal are those of 0x" + Long.toHexString(known));
        }
        core.takeRequests(mask != 0);
    }

    @Override
    public void reboot() {
        core.checkOpen();
        List<StoreImpl> all;
        core.mutation().lock();
        try {
            all = List.copyOf(stores);
        } finally {
            core.mutation().unlock();
        }
        reboot.run(all);
    }

    @Override
    public LaunchReport launch(MemorySegment image, Map<String, String> options) {
        core.checkOpen();
        return launch.run(image, options);
    }

    @Override
    public LaunchReport finishLaunch() {
        core.checkOpen();
        return launch.finish();
    }

    @Override
    public Vcpu createVcpu(int index) {
        core.checkOpen();
        return places.take(index, slot -> new VcpuImpl(places.parts(), slot));
    }

    @Override
    public AccessResolver createAccessResolver(int index) {
        core.checkOpen();
        return places.take(index, slot -> new AccessResolverImpl(places.parts(), slot));
    }

    @Override
    public long address(long gpa, boolean isPrivate) {
        AddressTag tag = core.traits().tag();
        return tag == null ? gpa : tag.tagged(gpa, isPrivate);
    }

    @Override
    public PageReport inspect(long gpa) {
        return reports.inspect(gpa);
    }

    @Override
    public Map<String, Long> pagesByState() {
        return reports.pagesByState();
    }

    @Override
    public long recoverHugePages() {
        core.checkOpen();
        return engine.recoverHugePages();
    }

    @Override
    public DirtyLogImpl dirtyLog() {
        return dirtyLog;
    }

    @Override
    public PrivateDirtyLog privateDirtyLog() {
        if (!core.policies().logsStores()) {
            throw new GuestMemoryException(Errno.EOPNOTSUPP,
                    "the extension is off; create the VM with policy private-log=on");
        }
        return privateDirtyLog;
    }

    @Override
    public VmStats stats() {
        core.mutation().lock(); // nothing is unlinked from stage 2 while it is counted
        try {
            S2Table s2 = released ? null : core.s2();
            return new VmStats(places.stats(), engine.stats(), core.domain().shootdowns(), memoryStats(),
                    s2 == null ? 0 : s2.tableFrames(), leaves(s2, Paging.LEVEL_4K), leaves(s2, Paging.LEVEL_2M),
                    leaves(s2, Paging.LEVEL_1G));
        } finally {
            core.mutation().unlock();
        }
    }

    private MemoryStats memoryStats() {
        long bytes = 0;
        long failed = 0;
        for (StoreImpl store : stores) {
            MemoryStats one = store.stats();
            bytes += one.allocatedBytes();
            failed += one.failedPages();
        }
        return new MemoryStats(bytes, budget == null ? 0 : budget.limit() << Paging.PAGE_SHIFT,
                budget == null ? 0 : budget.refusals(), failed);
    }

    private static long leaves(@Nullable S2Table s2, int level) {
        return s2 == null ? 0 : s2.leaves(level);
    }

    // ---- the host's side changes under slots ----------------------------------------------------------------------------

    @Override
    public long number() {
        return number;
    }

    @Override
    public void lock() {
        core.mutation().lock();
    }

    @Override
    public void unlock() {
        core.mutation().unlock();
    }

    @Override
    public void beginTake(MemoryObject object, long start, long end, boolean frees) {
        changes.beginTake(object, start, end, frees);
    }

    @Override
    public void endTake() {
        changes.endTake();
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // a mapping is an identity
    public void mappingClosed(HostMapping mapping) {
        ReentrantLock lock = core.mutation();
        lock.lock();
        try {
            for (SlotEntry entry : List.copyOf(core.slots().entries())) {
                PageBacking shared = entry.half(false);
                if (shared != null && entry.memslot().mapping() == mapping && !entry.isInPlace()) {
                    SlotEntry without = new SlotEntry(entry.memslot(), entry.half(true), null, entry.attributes(),
                            entry.attributeIndex(entry.baseGfn())).logging(entry.dirty());
                    changes.replaceSlots(core.slots().replacing(entry, without), entry.baseGfn(), entry.endGfn(),
                            shared.object());
                }
            }
        } finally {
            lock.unlock();
        }
        core.domain().awaitResolvers();
    }

    /// The memory of a frame has failed.
    ///
    /// @return whether a store of this VM has it
    boolean poison(long pfn) {
        core.mutation().lock();
        try {
            for (StoreImpl store : stores) {
                long page = store.object().pageOf(pfn);
                if (page >= 0) {
                    changes.poison(store.object(), page); // may be refused for want of a table; then nothing has changed
                    core.host().frames().poison(pfn);
                    return true;
                }
            }
            return false;
        } finally {
            core.mutation().unlock();
        }
    }

    /// Host memory that slots of this VM name; told to forget the VM at its end. Under the mutation lock.
    void uses(MemoryObject object) {
        hostMemory.add(object);
    }

    // ---- lifetimes ------------------------------------------------------------------------------------------------------

    void closeStore(StoreImpl store) {
        ReentrantLock lock = core.mutation();
        lock.lock();
        try {
            if (!stores.contains(store)) {
                return;
            }
            store.markClosed();
            if (!core.isClosed() && core.traits().has(VmTrait.PAGES_STAY) && isBound(store)) {
                return; // its pages are the guest's until the VM is closed
            }
            stores.remove(store);
            for (SlotEntry entry : List.copyOf(core.slots().entries())) {
                if (isBacked(entry.half(true), store) || isBacked(entry.half(false), store)) {
                    SlotEntry empty = new SlotEntry(entry.memslot(), isBacked(entry.half(true), store) ? null
                            : entry.half(true), isBacked(entry.half(false), store) ? null : entry.half(false),
                            entry.attributes(), entry.attributeIndex(entry.baseGfn()));
                    changes.replaceSlots(core.slots().replacing(entry, empty), entry.baseGfn(), entry.endGfn());
                }
            }
            core.domain().awaitResolvers();
            if (!core.isClosed()) {
                changes.release(store.object());
            }
            store.object().close();
            store.releaseReservation();
        } finally {
            lock.unlock();
        }
        releaseIfUnused();
    }

    private static boolean isBacked(@Nullable PageBacking half, StoreImpl store) {
        return half != null && half.object() == store.object();
    }

    private boolean isBound(StoreImpl store) {
        return core.slots().entries().stream().anyMatch(entry -> entry.memslot().store() == store);
    }

    /// The stores that were closed while their pages were the guest's.
    private void releaseClosedStores() {
        for (StoreImpl store : List.copyOf(stores)) {
            if (store.isClosed()) {
                stores.remove(store);
                store.object().close();
                store.releaseReservation();
            }
        }
    }

    @Override
    public void close() {
        ReentrantLock lock = core.mutation();
        lock.lock();
        try {
            if (core.isClosed()) {
                return;
            }
            places.closeAll();
            core.close();
            changes.tearDown();
            stores.forEach(store -> changes.release(store.object()));
            releaseClosedStores();
            hostMemory.forEach(this::forgetMe);
            hostMemory.clear();
        } finally {
            lock.unlock();
        }
        releaseIfUnused();
    }

    private void forgetMe(MemoryObject object) {
        object.lock().lock();
        try {
            object.removeUser(this);
        } finally {
            object.lock().unlock();
        }
    }

    /// The backend lives until the last store is gone.
    private void releaseIfUnused() {
        core.mutation().lock();
        try {
            if (core.isClosed() && stores.isEmpty() && !released) {
                released = true;
                engine.close();
                memory.release(core);
                host.forget(this);
            }
        } finally {
            core.mutation().unlock();
        }
    }

    /// For the end of the host: closes the stores too.
    void closeWithStores() {
        close();
        new ArrayList<>(stores).forEach(StoreImpl::close);
    }
}
