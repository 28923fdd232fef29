package org.enclosure.core.translation;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

import org.enclosure.core.event.ShootdownEvent;
import org.enclosure.core.mem.AccessOrder;
import org.jspecify.annotations.Nullable;

/// One numbering of pages with everybody who holds translations of it: the gfns of a VM, or the page numbers of a host
/// address space.
///
/// An invalidation is `begin` .. `drain` .. (leaves are cleared) .. `shootdown` .. (frames change hands, attributes change) ..
/// `end`. A fault is `snapshot` .. attribute, page .. (fault mark) `isStillValid` .. publish. Neither takes a lock that the
/// other takes; begin, end and the ring are written under one short lock.
public final class TranslationDomain extends DomainPaddingAfter {
    /// The longest way that a holder can be behind and still drop only the ranges that were shot down.
    static final int MAX_CATCH_UP = 16;

    private static final int RING_SIZE = 64;
    private static final int RING_MASK = RING_SIZE - 1;
    private static final VarHandle SEQUENCE;
    private static final VarHandle IN_PROGRESS;
    private static final VarHandle RANGE_START;
    private static final VarHandle RANGE_END;
    private static final VarHandle GENERATION;
    private static final VarHandle RING = MethodHandles.arrayElementVarHandle(long[].class);

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            SEQUENCE = lookup.findVarHandle(DomainWords.class, "sequence", long.class).withInvokeExactBehavior();
            IN_PROGRESS = lookup.findVarHandle(DomainWords.class, "inProgress", long.class).withInvokeExactBehavior();
            RANGE_START = lookup.findVarHandle(DomainWords.class, "rangeStart", long.class).withInvokeExactBehavior();
            RANGE_END = lookup.findVarHandle(DomainWords.class, "rangeEnd", long.class).withInvokeExactBehavior();
            GENERATION = lookup.findVarHandle(DomainWords.class, "generation", long.class).withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final long[] ring = new long[2 * RING_SIZE];
    private final Object shortLock = new Object();
    private volatile TranslationHolder[] holders = {};
    private volatile long shootdowns;

    /// Creates a domain without holders.
    public TranslationDomain() {
    }

    /// Adds a holder; it sees every invalidation that begins afterwards.
    public void add(TranslationHolder holder) {
        synchronized (shortLock) {
            TranslationHolder[] next = java.util.Arrays.copyOf(holders, holders.length + 1);
            next[next.length - 1] = holder;
            holders = next;
        }
    }

    /// Removes a holder, which is outside of all marks and will not access again.
    public void remove(TranslationHolder holder) {
        synchronized (shortLock) {
            List<TranslationHolder> next = new ArrayList<>(List.of(holders));
            next.remove(holder);
            holders = next.toArray(TranslationHolder[]::new);
        }
    }

    /// How many holders there are.
    public int holders() {
        return holders.length;
    }

    /// How many shootdowns there were.
    public long shootdowns() {
        return shootdowns;
    }

    // ---- invalidate sequence: the invalidating side ---------------------------------------------------------------------

    /// Step 1 of an invalidation: faults and fills of `[start, end)` retry from now on.
    public void begin(long start, long end) {
        synchronized (shortLock) {
            boolean first = inProgress == 0;
            // ORDERING: opaque, published by the volatile count below; partner isInProgress
            RANGE_START.setOpaque((DomainWords) this, first ? start : Math.min(rangeStart, start));
            RANGE_END.setOpaque((DomainWords) this, first ? end : Math.max(rangeEnd, end));
            // ORDERING: volatile, a Dekker pair with the fault mark: (count; fault mark read in drain) against
            // (fault mark; count read in isStillValid)
            IN_PROGRESS.setVolatile((DomainWords) this, inProgress + 1);
        }
    }

    /// Step 2: waits out every fault that passed its recheck before `begin`. Afterwards no leaf of the range appears.
    public void drain() {
        for (TranslationHolder holder : holders) {
            holder.awaitFault();
        }
    }

    /// Last step: faults of the range succeed again; those that took their snapshot before retry once.
    public void end() {
        synchronized (shortLock) {
            // ORDERING: sequence before count, both volatile: the mirror of isStillValid, which reads count before sequence
            SEQUENCE.setVolatile((DomainWords) this, sequence + 1);
            IN_PROGRESS.setVolatile((DomainWords) this, inProgress - 1);
        }
    }

    // ---- invalidate sequence: the fault's side --------------------------------------------------------------------------

    /// The sequence; a fault takes it before it reads slot, attribute or page.
    public long snapshot() {
        // ORDERING: acquire, so that attribute and page are read after it; partner end
        return (long) SEQUENCE.getAcquire((DomainWords) this);
    }

    /// Whether a page is in a range under invalidation.
    public boolean isInProgress(long page) {
        // ORDERING: volatile count first, partner begin; the range is published by it
        return (long) IN_PROGRESS.getVolatile((DomainWords) this) > 0
                && page >= (long) RANGE_START.getOpaque((DomainWords) this)
                && page < (long) RANGE_END.getOpaque((DomainWords) this);
    }

    /// The recheck, inside the fault mark: whether what was read since `snapshot` still holds for `[page, page + npages)`.
    public boolean isStillValid(long page, long npages, long snapshot) {
        // ORDERING: volatile, count and range before sequence: the mirror of end
        if ((long) IN_PROGRESS.getVolatile((DomainWords) this) > 0
                && page + npages > (long) RANGE_START.getOpaque((DomainWords) this)
                && page < (long) RANGE_END.getOpaque((DomainWords) this)) {
            return false;
        }
        return (long) SEQUENCE.getVolatile((DomainWords) this) == snapshot;
    }

    // ---- shootdown ------------------------------------------------------------------------------------------------------

    /// When this returns, no holder has a translation of `[start, end)` or is inside of an access through one. The leaves are
    /// cleared, and `begin` keeps new ones away. An empty range only makes every holder take its slow path once.
    ///
    /// @param self the calling thread's own holder, whose marks are even, or null
    @SuppressWarnings("ReferenceEquality") // a holder is an identity
    public void shootdown(long start, long end, @Nullable TranslationHolder self) {
        ShootdownEvent event = ShootdownEvent.start();
        publishRange(start, end);
        boolean needsBarrier = AccessOrder.ASYMMETRIC && isAnotherActive(self);
        if (needsBarrier) {
            AccessOrder.barrier();
        }
        for (TranslationHolder holder : holders) {
            if (holder != self) {
                holder.awaitAccess();
            }
        }
        if (event != null) {
            event.finish(start, end - start, needsBarrier);
        }
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // under shortLock
    private void publishRange(long start, long end) {
        synchronized (shortLock) {
            long next = generation + 1;
            int slot = (int) (next & RING_MASK) * 2;
            // ORDERING: opaque, published by the volatile generation below; partner TranslationHolder.catchUp
            RING.setOpaque(ring, slot, start);
            RING.setOpaque(ring, slot + 1, end);
            // ORDERING: volatile, an (asymmetric) Dekker pair with the access mark: (generation; [barrier;] mark read in
            // awaitAccess) against (mark; generation read in isCurrent)
            GENERATION.setVolatile((DomainWords) this, next);
            shootdowns++;
        }
    }

    /// Waits out every fault that may have read what was replaced before this call: afterwards it can be freed.
    public void awaitResolvers() {
        for (TranslationHolder holder : holders) {
            holder.awaitResolve();
        }
    }

    @SuppressWarnings("ReferenceEquality") // a holder is an identity
    private boolean isAnotherActive(@Nullable TranslationHolder self) {
        for (TranslationHolder holder : holders) {
            if (holder != self && holder.isActive()) {
                return true;
            }
        }
        return false;
    }

    /// The generation, as an access reads it inside of its mark.
    long generation() {
        // ORDERING: partner publishRange; opaque is enough where the slow side has the process-wide barrier
        return AccessOrder.ASYMMETRIC ? (long) GENERATION.getOpaque((DomainWords) this)
                : (long) GENERATION.getVolatile((DomainWords) this);
    }

    long generationAcquire() {
        return (long) GENERATION.getAcquire((DomainWords) this); // ORDERING: partner publishRange, so that the ring's entries are seen
    }

    long ringStart(long generationNumber) {
        return (long) RING.getOpaque(ring, (int) (generationNumber & RING_MASK) * 2); // ORDERING: partner publishRange
    }

    long ringEnd(long generationNumber) {
        return (long) RING.getOpaque(ring, (int) (generationNumber & RING_MASK) * 2 + 1); // ORDERING: partner publishRange
    }

    /// Whether the ring entries after `seen` may have been overwritten while they were read.
    boolean isOverrun(long seen) {
        VarHandle.acquireFence(); // ORDERING: ring reads before this generation read; partner publishRange
        return (long) GENERATION.getAcquire((DomainWords) this) - seen > RING_SIZE - 4;
    }
}
