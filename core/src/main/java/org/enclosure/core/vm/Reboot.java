package org.enclosure.core.vm;

import java.util.List;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.core.convert.ConversionBatch;
import org.enclosure.core.convert.ConversionEngine;
import org.enclosure.core.machine.VmCore;
import org.enclosure.spi.VmTrait;

/// The guest restarts. Who makes its memory private again is the policy `reboot`: a guest cannot be trusted to, a VMM need not
/// know, and an engine knows only what it is told (KVM mailing list, May 2025).
final class Reboot {
    private final VmCore vm;
    private final ConversionEngine engine;
    private final Places places;

    Reboot(VmCore vm, ConversionEngine engine, Places places) {
        this.vm = vm;
        this.engine = engine;
        this.places = places;
    }

    void run(List<StoreImpl> stores) {
        if (places.isRunning()) {
            throw new GuestMemoryException(Errno.EBUSY, "a vCPU runs; stop it before the reboot");
        }
        if (vm.policies().isResetByEngine() && vm.traits().has(VmTrait.PRIVATE_MEMORY)) {
            makePrivate(stores);
        }
        engine.deferred().forgetAll();
        vm.resetAtBoot(vm.policies().isResetByGuest());
    }

    /// In one change: a reboot that is refused has made nothing private.
    private void makePrivate(List<StoreImpl> stores) {
        ConversionBatch batch = new ConversionBatch(engine, true);
        if (vm.policies().isSplit()) {
            vm.slots().entries().stream().filter(slot -> slot.half(true) != null)
                    .forEach(slot -> batch.add(slot.memslot().gpa(), slot.memslot().bytes()));
        } else {
            stores.forEach(store -> batch.add(store, store.object()));
        }
        batch.run();
    }
}
