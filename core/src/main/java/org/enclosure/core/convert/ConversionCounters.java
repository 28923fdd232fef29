package org.enclosure.core.convert;

import java.util.concurrent.atomic.LongAdder;

import org.enclosure.api.policy.ConversionOrigin;
import org.enclosure.api.vm.ConversionStats;

/// A VM's conversions; written under the mutation lock, but for the refusals.
final class ConversionCounters {
    private final LongAdder refused = new LongAdder();
    private long explicit;
    private long implicit;
    private long host;
    private long pages;

    void converted(ConversionOrigin origin, long count) {
        switch (origin) {
            case GUEST_CALL -> explicit++;
            case FAULT -> implicit++;
            case HOST -> host++;
        }
        pages += count;
    }

    void refused() {
        refused.increment();
    }

    ConversionStats snapshot(long pending) {
        return new ConversionStats(explicit, implicit, host, pages, refused.sum(), pending);
    }
}
