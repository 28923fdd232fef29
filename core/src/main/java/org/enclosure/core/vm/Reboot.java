package org.enclosure.core.vm;

import java.util.List;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.Paging;
import org.enclosure.api.policy.ConversionOrigin;
import org.enclosure.core.convert.ConversionEngine;
import org.enclosure.core.convert.RequestView;
import org.enclosure.core.machine.VmCore;
import org.enclosure.core.slot.SlotEntry;

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
        if (vm.policies().isResetByEngine()) {
            if (vm.policies().isSplit()) {
                vm.slots().entries().forEach(this::makePrivate);
            } else {
                stores.forEach(this::makePrivate);
            }
        }
        engine.deferred().forgetAll();
        vm.resetAtBoot(vm.policies().isResetByGuest());
    }

    private void makePrivate(SlotEntry slot) {
        if (slot.half(true) != null) {
            engine.convert(new RequestView().set(slot.memslot().gpa(), slot.memslot().bytes(), true,
                    ConversionOrigin.HOST, -1), null, null);
        }
    }

    private void makePrivate(StoreImpl store) {
        engine.convert(new RequestView().set(RequestView.NO_GPA, store.size(), true, ConversionOrigin.HOST, -1)
                .of(store, 0), store.object(), 0, store.size() >>> Paging.PAGE_SHIFT);
    }
}
