package org.enclosure.core.vm;

import org.enclosure.api.MemoryKind;
import org.enclosure.api.policy.ConversionOrigin;
import org.enclosure.api.vm.ConversionService;
import org.enclosure.core.convert.ConversionEngine;
import org.enclosure.core.convert.ConversionGate;
import org.enclosure.core.convert.GuestRange;
import org.enclosure.core.convert.RequestView;

/// Conversions by guest address, for any thread.
final class ConversionServiceImpl implements ConversionService {
    private final ConversionEngine engine;
    private final ConversionGate gate;
    private final long gfnLimit;
    private final ThreadLocal<RequestView> views = ThreadLocal.withInitial(RequestView::new);

    ConversionServiceImpl(ConversionEngine engine, ConversionGate gate, long gfnLimit) {
        this.engine = engine;
        this.gate = gate;
        this.gfnLimit = gfnLimit;
    }

    @Override
    public void convert(long gpa, long bytes, MemoryKind target) {
        GuestRange.check(gpa, bytes, gfnLimit);
        engine.convert(views.get().set(gpa, bytes, target.isPrivate(), ConversionOrigin.HOST, -1), null, null);
    }

    @Override
    public long request(int vcpu, long gpa, long bytes, MemoryKind target) {
        return gate.request(views.get(), gpa, bytes, target.isPrivate(), ConversionOrigin.GUEST_CALL, vcpu, true, null,
                null);
    }
}
