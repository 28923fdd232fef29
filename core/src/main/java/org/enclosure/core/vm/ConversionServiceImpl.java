package org.enclosure.core.vm;

import org.enclosure.api.Errno;
import org.enclosure.api.MemoryKind;
import org.enclosure.api.policy.ConversionOrigin;
import org.enclosure.api.vm.ConversionService;
import org.enclosure.api.vm.MemoryRegions;
import org.enclosure.core.convert.CallbackGuard;
import org.enclosure.core.convert.ConversionEngine;
import org.enclosure.core.convert.ConversionGate;
import org.enclosure.core.convert.GuestRange;
import org.enclosure.core.convert.RequestView;
import org.enclosure.core.machine.VmCore;

/// Conversions by guest address, for any thread: the engine's own call, and the two of KVM's past.
final class ConversionServiceImpl implements ConversionService, MemoryRegions {
    private final ConversionEngine engine;
    private final ConversionGate gate;
    private final VmCore vm;
    private final ThreadLocal<RequestView> views = ThreadLocal.withInitial(RequestView::new);

    ConversionServiceImpl(ConversionEngine engine, ConversionGate gate, VmCore vm) {
        this.engine = engine;
        this.gate = gate;
        this.vm = vm;
    }

    @Override
    public void convert(long gpa, long bytes, MemoryKind target) {
        engine.convert(view(gpa, bytes, target), null, null);
    }

    /// The thread's view, which a callback of the thread's own request must not take: that request is still in it.
    private RequestView view(long gpa, long bytes, MemoryKind target) {
        CallbackGuard.check("convert");
        GuestRange.check(gpa, bytes, vm.gfnLimit());
        return views.get().set(gpa, bytes, target.isPrivate(), ConversionOrigin.HOST, -1);
    }

    @Override
    public long request(int vcpu, long gpa, long bytes, MemoryKind target) {
        if (CallbackGuard.isInside()) {
            return -Errno.EBUSY.number();
        }
        return gate.request(views.get(), gpa, bytes, target.isPrivate(), ConversionOrigin.GUEST_CALL, vcpu, true, null,
                null);
    }

    void setAttributes(long gpa, long bytes, MemoryKind kind) {
        vm.checkOpen();
        Doors.checkAttributes(vm.policies());
        engine.convert(view(gpa, bytes, kind).coveringHoles(), null, null);
    }

    @Override
    public void register(long gpa, long bytes) {
        vm.checkOpen();
        Doors.checkRegions(vm.policies());
        engine.convert(view(gpa, bytes, MemoryKind.PRIVATE).coveringHoles(), null, null);
    }

    @Override
    public void unregister(long gpa, long bytes) {
        vm.checkOpen();
        Doors.checkRegions(vm.policies());
        engine.convert(view(gpa, bytes, MemoryKind.SHARED).coveringHoles(), null, null);
    }
}
