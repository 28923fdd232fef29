package org.enclosure.cca.machine;

import org.enclosure.cca.wire.Ripas;
import org.enclosure.cca.wire.RttEntry;
import org.enclosure.spi.PhysicalMemory;

/// What one access of a realm meets: stage 2, then the granule protection check (RMM specification 1.0, A5.2).
///
/// The answer is a word. Good ones are `>= 0`:
///
/// ```
///  62                          12 11       4 3    2  1   0
/// +------------------------------+----------+----+--+-----+
/// | first byte of page or block  |    0     | 0  |NS|level|
/// +------------------------------+----------+----+--+-----+
/// ```
///
/// Bad ones are negative: `-(kind * 8 + level)`.
public final class Translation {
    /// Kind: a synchronous external abort goes to the realm; the host does not see it.
    public static final int REALM_ABORT = 1;
    /// Kind: the host has to act on a protected IPA.
    public static final int PROTECTED_FAULT = 2;
    /// Kind: the host has to act on an unprotected IPA.
    public static final int UNPROTECTED_FAULT = 3;
    /// Kind: the host has to act, but nothing it can do gives the page back: it is DESTROYED.
    public static final int DESTROYED_FAULT = 4;
    /// Kind: granule protection fault.
    public static final int PROTECTION_FAULT = 5;

    private static final int KIND_SHIFT = 3;
    private static final int LEVEL_MASK = 7;
    private static final int LEAF_LEVEL_MASK = 3;
    private static final long NS = 1 << 2;

    private final PhysicalMemory memory;
    private final Walker walker;
    private final Gpt gpt;

    Translation(PhysicalMemory memory, Walker walker, Gpt gpt) {
        this.memory = memory;
        this.walker = walker;
        this.gpt = gpt;
    }

    /// Judges an access to one page.
    public long find(long rd, long ipa, boolean isFetch, WalkCache cache) {
        if (Long.compareUnsigned(ipa, Rd.limit(memory, rd)) >= 0) {
            return bad(REALM_ABORT, 0);
        }
        boolean isProtected = Rd.isProtected(memory, rd, ipa);
        if (!isProtected && isFetch) {
            return bad(REALM_ABORT, 0);
        }
        long where;
        long entry;
        long removed;
        do {
            removed = walker.removed(rd);
            where = cache.find(ipa, removed);
            if (where == Walker.NOWHERE) {
                where = walker.find(rd, ipa, RttEntry.PAGE_LEVEL);
            }
            entry = walker.entry(where);
        } while (!walker.isValid(rd, removed));
        cache.keep(ipa, where, removed);
        return judge(entry, Walker.level(where), ipa, isProtected);
    }

    private long judge(long entry, int level, long ipa, boolean isProtected) {
        int kind = RttEntry.kind(entry, level);
        if (!isProtected) {
            return kind == RttEntry.NS_ASSIGNED ? granted(entry, level, ipa, Pas.NS) : bad(UNPROTECTED_FAULT, level);
        }
        return switch (RttEntry.ripas(entry)) {
            case Ripas.EMPTY -> bad(REALM_ABORT, level);
            case Ripas.RAM -> kind == RttEntry.ASSIGNED ? granted(entry, level, ipa, Pas.REALM)
                    : bad(PROTECTED_FAULT, level);
            default -> bad(DESTROYED_FAULT, level);
        };
    }

    private long granted(long entry, int level, long ipa, int pas) {
        long base = RttEntry.address(entry);
        long granule = base + (ipa & RttEntry.size(level) - 1) >>> Granules.SHIFT;
        return gpt.pas(granule) == pas ? base | level | (pas == Pas.NS ? NS : 0) : bad(PROTECTION_FAULT, level);
    }

    private static long bad(int kind, int level) {
        return -((long) kind << KIND_SHIFT | level);
    }

    /// The answer for a page that the host has yet to bring.
    public static long protectedFault() {
        return bad(PROTECTED_FAULT, RttEntry.PAGE_LEVEL);
    }

    /// The kind of a negative answer.
    public static int kind(long answer) {
        return (int) (-answer >>> KIND_SHIFT);
    }

    /// The level of an answer.
    public static int level(long answer) {
        return answer < 0 ? (int) -answer & LEVEL_MASK : (int) answer & LEAF_LEVEL_MASK;
    }

    /// First byte of the page or block of a good answer.
    public static long base(long answer) {
        return answer & -Granules.SIZE;
    }

    /// The byte that a good answer leads an IPA to.
    public static long address(long answer, long ipa) {
        return base(answer) + (ipa & RttEntry.size(level(answer)) - 1);
    }

    /// Whether a good answer is the host's memory.
    public static boolean isNs(long answer) {
        return (answer & NS) != 0;
    }
}
