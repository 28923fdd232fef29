package org.enclosure.core.mem;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import org.jspecify.annotations.Nullable;

/// How many pages somebody may hold at a time: a store, or all stores of a VM. Exists only where there is a limit, so that
/// whoever has none pays nothing. Any thread; nothing allocates.
public final class FrameBudget {
    private final @Nullable FrameBudget parent;
    private final long limit;
    private final AtomicLong used = new AtomicLong();
    private final LongAdder refusals = new LongAdder();

    /// Creates a budget.
    ///
    /// @param parent a budget of which this one is a part, or null
    /// @param limit pages
    public FrameBudget(@Nullable FrameBudget parent, long limit) {
        this.parent = parent;
        this.limit = limit;
    }

    /// Takes pages.
    ///
    /// @return null, or the budget whose limit forbids it; then nothing was taken
    public @Nullable FrameBudget charge(long pages) {
        long now = used.get();
        while (pages <= limit - now) {
            if (used.compareAndSet(now, now + pages)) { // ORDERING: a count alone; nothing is published by it
                FrameBudget refusing = parent == null ? null : parent.charge(pages);
                if (refusing != null) {
                    used.addAndGet(-pages);
                }
                return refusing;
            }
            now = used.get();
        }
        return this;
    }

    /// Gives pages back.
    public void uncharge(long pages) {
        used.addAndGet(-pages);
        if (parent != null) {
            parent.uncharge(pages);
        }
    }

    /// An allocation failed because of this limit.
    public void countRefusal() {
        refusals.increment();
    }

    /// How often that happened.
    public long refusals() {
        return refusals.sum();
    }

    /// Pages held now.
    public long used() {
        return used.get();
    }

    /// The limit in pages.
    public long limit() {
        return limit;
    }
}
