package org.enclosure.core.translation;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;

import org.enclosure.core.mem.AccessOrder;

/// Somebody who holds translations of a [TranslationDomain]: a vCPU, or one host thread. The marks, and the soft TLB behind
/// them.
///
/// Everything is called by the one thread that owns the holder, but `awaitAccess`, `awaitFault` and `isActive`. Inside of a
/// mark nobody locks, waits, allocates or zeroes.
///
/// The TLB is direct-mapped: pairs of (tag, absolute address of the page). A tag is `page number << 1 | writable`, -1 when
/// empty (never 0: that would be a match for page 0). Huge mappings are filled in as 4K entries.
public abstract class TranslationHolder extends MarkPaddingAfter {
    /// log2 of the number of TLB entries.
    private static final int TLB_BITS = Math.clamp(Integer.getInteger("enclosure.tlb.bits", 10), 4, 20);
    private static final int TLB_MASK = (1 << TLB_BITS) - 1;
    private static final long EMPTY = -1;
    /// Where a release store costs a full barrier and a volatile one does not (C2 on AArch64), the exit mark is volatile.
    private static final boolean VOLATILE_EXIT = System.getProperty("os.arch", "").equals("aarch64");
    private static final VarHandle ACCESS;
    private static final VarHandle FAULT;
    private static final VarHandle RESOLVE;

    static {
        try {
            MethodHandles.Lookup lookup = MethodHandles.lookup();
            ACCESS = lookup.findVarHandle(MarkWords.class, "accessMark", long.class).withInvokeExactBehavior();
            FAULT = lookup.findVarHandle(MarkWords.class, "faultMark", long.class).withInvokeExactBehavior();
            RESOLVE = lookup.findVarHandle(MarkWords.class, "resolveMark", long.class).withInvokeExactBehavior();
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final TranslationDomain domain;
    private final long pageMask;
    private final long[] tlb = new long[2 << TLB_BITS];
    private long seenGeneration;
    private long access;
    private long fault;
    private long resolve;
    private long fills;
    private long flushes;
    private volatile boolean active;

    /// Creates a holder with an empty TLB and adds it to its domain.
    ///
    /// @param pageMask the bits of a key (address >>> 12) that number the page; the others are the address tag
    protected TranslationHolder(TranslationDomain domain, long pageMask) {
        this.domain = domain;
        this.pageMask = pageMask;
        Arrays.fill(tlb, EMPTY);
        domain.add(this);
        seenGeneration = domain.generationAcquire();
    }

    /// The domain.
    public final TranslationDomain domain() {
        return domain;
    }

    /// Whether the owner may be inside of accesses at all; while it is not, a shootdown needs no barrier for it.
    public final boolean isActive() {
        return active;
    }

    /// Says whether accesses may come. ORDERING: volatile; after `true` the next generation read sees every shootdown that
    /// has seen `false`.
    protected final void setActive(boolean value) {
        active = value;
    }

    /// Translations put into the TLB so far.
    public final long fills() {
        return fills;
    }

    /// Flushes so far, ranged or whole.
    public final long flushes() {
        return flushes;
    }

    // ---- marks: the owner's side ----------------------------------------------------------------------------------------

    /// Opens the access mark.
    protected final void enterAccess() {
        long mark = access + 1;
        access = mark;
        if (AccessOrder.ASYMMETRIC) {
            // ORDERING: before the generation read of isCurrent; partner TranslationDomain.shootdown, whose barrier makes up
            // for the fence that is missing here. Relies on HotSpot not reordering opaque accesses.
            ACCESS.setOpaque((MarkWords) this, mark);
        } else {
            ACCESS.setVolatile((MarkWords) this, mark); // ORDERING: volatile, a Dekker pair with TranslationDomain.shootdown
        }
    }

    /// Closes the access mark.
    protected final void exitAccess() {
        long mark = access + 1;
        access = mark;
        if (VOLATILE_EXIT) {
            ACCESS.setVolatile((MarkWords) this, mark); // ORDERING: as below
        } else {
            ACCESS.setRelease((MarkWords) this, mark); // ORDERING: after the data access; partner awaitAccess
        }
    }

    /// Opens the fault mark.
    public final void enterFault() {
        fault++;
        // ORDERING: volatile, a Dekker pair with TranslationDomain.begin and drain
        FAULT.setVolatile((MarkWords) this, fault);
    }

    /// Closes the fault mark.
    public final void exitFault() {
        fault++;
        FAULT.setRelease((MarkWords) this, fault); // ORDERING: after the publication; partner awaitFault
    }

    /// Opens the resolve mark: from here on what the slots or regions name is not freed.
    public final void enterResolve() {
        resolve++;
        // ORDERING: volatile, before the read of the slots; partner TranslationDomain.awaitResolvers after their change
        RESOLVE.setVolatile((MarkWords) this, resolve);
    }

    /// Closes the resolve mark.
    public final void exitResolve() {
        resolve++;
        RESOLVE.setRelease((MarkWords) this, resolve); // ORDERING: after the last use; partner awaitResolve
    }

    // ---- marks: the waiting side ----------------------------------------------------------------------------------------

    /// Waits until the access that is under way, if any, is over.
    final void awaitAccess() {
        long seen = (long) ACCESS.getVolatile((MarkWords) this); // ORDERING: partner enterAccess and exitAccess
        if ((seen & 1) != 0) {
            for (int round = 0; (long) ACCESS.getVolatile((MarkWords) this) == seen; round++) { // ORDERING: as above
                Backoff.pause(round);
            }
        }
    }

    /// Waits until the publication that is under way, if any, is over.
    final void awaitFault() {
        long seen = (long) FAULT.getVolatile((MarkWords) this); // ORDERING: partner enterFault and exitFault
        if ((seen & 1) != 0) {
            for (int round = 0; (long) FAULT.getVolatile((MarkWords) this) == seen; round++) { // ORDERING: as above
                Backoff.pause(round);
            }
        }
    }

    /// Waits until the resolution that is under way, if any, is over.
    final void awaitResolve() {
        long seen = (long) RESOLVE.getVolatile((MarkWords) this); // ORDERING: partner enterResolve and exitResolve
        if ((seen & 1) != 0) {
            for (int round = 0; (long) RESOLVE.getVolatile((MarkWords) this) == seen; round++) { // ORDERING: as above
                Backoff.pause(round);
            }
        }
    }

    // ---- soft TLB -------------------------------------------------------------------------------------------------------

    /// Inside the access mark: whether no shootdown came since the TLB was brought up to date.
    protected final boolean isCurrent() {
        return domain.generation() == seenGeneration;
    }

    /// The page of a key in the TLB for reading, or -1.
    protected final long lookUpRead(long key) {
        int entry = (int) key & TLB_MASK;
        return (tlb[entry << 1] | 1) == (key << 1 | 1) ? tlb[(entry << 1) + 1] : -1;
    }

    /// The page of a key in the TLB for writing, or -1.
    protected final long lookUpWrite(long key) {
        int entry = (int) key & TLB_MASK;
        return tlb[entry << 1] == (key << 1 | 1) ? tlb[(entry << 1) + 1] : -1;
    }

    /// Inside the access mark, after `catchUp`: adds a translation.
    protected final void fill(long key, boolean writable, long pageAddress) {
        int entry = (int) key & TLB_MASK;
        tlb[entry << 1] = key << 1 | (writable ? 1 : 0);
        tlb[(entry << 1) + 1] = pageAddress;
        fills++;
    }

    /// Inside the access mark: drops what was shot down since the last time.
    ///
    /// @return whether there was anything to catch up with
    protected final boolean catchUp() {
        long now = domain.generationAcquire();
        long behind = now - seenGeneration;
        if (behind == 0) {
            return false;
        }
        long from = seenGeneration;
        seenGeneration = now;
        flushes++;
        if (behind > TranslationDomain.MAX_CATCH_UP || !dropRanges(from, now) || domain.isOverrun(from)) {
            flushAll();
        }
        return true;
    }

    /// Drops all translations.
    protected final void flushAll() {
        Arrays.fill(tlb, EMPTY);
    }

    private boolean dropRanges(long from, long to) {
        for (long generation = from + 1; generation <= to; generation++) {
            long start = domain.ringStart(generation);
            long end = domain.ringEnd(generation);
            if (end - start > TLB_MASK) {
                return false;
            }
            for (long page = start; page < end; page++) {
                drop(page);
            }
        }
        return true;
    }

    private void drop(long page) {
        int entry = (int) page & TLB_MASK;
        if ((tlb[entry << 1] >>> 1 & pageMask) == page) {
            tlb[entry << 1] = EMPTY;
        }
    }
}
