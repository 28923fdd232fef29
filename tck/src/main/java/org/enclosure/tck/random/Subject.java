package org.enclosure.tck.random;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;

import org.enclosure.api.Paging;
import org.enclosure.api.host.HostMapping;
import org.enclosure.api.host.Pin;
import org.enclosure.api.policy.PolicySet;
import org.enclosure.api.slot.Memslot;
import org.enclosure.api.store.GuestMemoryStore;
import org.enclosure.api.store.StoreFlag;
import org.enclosure.api.vcpu.Vcpu;
import org.enclosure.api.vm.Vm;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.tck.oracle.PageModel;
import org.enclosure.tck.oracle.StoreModel;
import org.enclosure.tck.oracle.VmModel;

/// One VM of a run: three vCPUs, two stores with a mapping each, slots that come and go, pins, and its model.
final class Subject implements AutoCloseable {
    static final int GFNS = 2560;
    static final int STORE_PAGES = 1024;
    static final int STORES = 2;
    static final int VCPUS = 3;
    static final int SLOT_IDS = 8;

    /// A pin, and what it holds.
    record Held(Pin pin, StoreModel store, int start, int count) {
    }

    private final World world;
    private final boolean defers;
    private final Vm vm;
    private final VmModel model;
    private final List<GuestMemoryStore> stores = new ArrayList<>();
    private final List<HostMapping> mappings = new ArrayList<>();
    private final List<Vcpu> vcpus = new ArrayList<>();
    private final List<Held> pins = new ArrayList<>();

    /// @param defers whether a request that a pin stands against is put off instead of refused
    Subject(World world, String name, String page, boolean defers) {
        this.world = world;
        this.defers = defers;
        VmOptions options = VmOptions.of(world.type().id()).withVcpus(VCPUS)
                .with(PolicySet.defaults().with("page=" + page).with("backing=in-place").with("after=keep")
                        .with("private-log=on"))
                .with(request -> world.decision()).with(world.participant());
        if (defers) {
            options = options.with(options.policies().with("convert=pending").with("reboot=guest"));
        }
        for (var setting : world.vmSettings().entrySet()) {
            options = options.with(setting.getKey(), setting.getValue());
        }
        vm = world.host().host().createVm(options);
        model = world.oracle().add(name, vm, GFNS);
        for (int i = 0; i < STORES; i++) {
            GuestMemoryStore store = vm.createStore(bytes(STORE_PAGES), Set.of(StoreFlag.MMAP));
            stores.add(store);
            mappings.add(world.space().map(store, 0, store.size()));
            StoreModel pages = model.addStore(STORE_PAGES);
            vm.slots().create(Memslot.ofStore(i, bytes((long) i * STORE_PAGES), store.size(), store, 0));
            model.bind(i, i * STORE_PAGES, pages, 0, STORE_PAGES);
        }
        for (int i = 0; i < VCPUS; i++) {
            vcpus.add(vm.createVcpu(i));
        }
    }

    static long bytes(long pages) {
        return pages << Paging.PAGE_SHIFT;
    }

    boolean defers() {
        return defers;
    }

    Vm vm() {
        return vm;
    }

    VmModel model() {
        return model;
    }

    GuestMemoryStore store(int index) {
        return stores.get(index);
    }

    HostMapping mapping(int index) {
        return mappings.get(index);
    }

    Vcpu vcpu(int index) {
        return vcpus.get(index);
    }

    List<Held> pins() {
        return pins;
    }

    /// A run of gfns of which each has a page of one kind in one slot, from a gfn on.
    ///
    /// @return its length, at most `most`
    int run(int gfn, int most) {
        PageModel first = model.at(gfn);
        int end = gfn;
        while (first != null && end < Math.min(GFNS, gfn + most)) {
            PageModel page = model.at(end);
            if (page == null || page.isPrivate() != first.isPrivate() || model.slotAt(end) != model.slotAt(gfn)) {
                break;
            }
            end++;
        }
        return end - gfn;
    }

    /// A gfn: three times out of four one of few that are hot, mostly one with a page, now and then one that somebody holds.
    int gfn() {
        SplittableRandom dice = world.dice();
        if (dice.nextInt(6) == 0 && !pins.isEmpty()) {
            Held held = pins.get(dice.nextInt(pins.size()));
            int gfn = model.gfnOf(held.store.page(held.start));
            if (gfn != VmModel.NONE) {
                return gfn;
            }
        }
        int gfn = anyGfn();
        for (int tries = 0; tries < 3 && model.at(gfn) == null; tries++) {
            gfn = anyGfn();
        }
        return gfn;
    }

    private int anyGfn() {
        SplittableRandom dice = world.dice();
        return dice.nextInt(4) == 0 ? dice.nextInt(GFNS) : dice.nextInt(24) * 101 % GFNS;
    }

    /// A length in pages: mostly short, now and then 2M.
    int length() {
        SplittableRandom dice = world.dice();
        return dice.nextInt(16) == 0 ? (int) Paging.PAGES_PER_2M : 1 + dice.nextInt(8);
    }

    @Override
    public void close() {
        pins.forEach(held -> held.pin().close());
        vcpus.forEach(Vcpu::close);
        mappings.forEach(HostMapping::close);
        vm.close();
        stores.forEach(GuestMemoryStore::close);
    }
}
