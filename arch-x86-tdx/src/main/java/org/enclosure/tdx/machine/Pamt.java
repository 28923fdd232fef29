package org.enclosure.tdx.machine;

import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.PageType;
import org.enclosure.tdx.wire.TdxStatus;
import org.jspecify.annotations.Nullable;

/// The physical address metadata table: type, owner and blocking epoch of every page that the module may use, with the locks on
/// them. A page is locked exclusively at its own level and shared at the levels above; all locks are try-only.
public final class Pamt {
    /// Bits of a physical address that are address; those above are a key number.
    static final int ADDRESS_BITS = 46;

    private static final int TOP = 2;
    private static final int PER_TABLE = 512;

    private final @Nullable PamtBlock[] blocks;

    /// Creates a PAMT for addresses below `limit`, with no TDMR.
    Pamt(long limit) {
        blocks = new PamtBlock[(int) (limit + (1L << 30) - 1 >>> 30)];
    }

    /// Adds the table of 1 GiB; called before the machine is used.
    void add(PamtBlock block) {
        blocks[(int) (block.base() >>> 30)] = block;
    }

    /// The table of the GiB around `pa`, or null if it is in no TDMR.
    @Nullable
    PamtBlock block(long pa) {
        long index = pa >>> 30;
        return index < blocks.length ? blocks[(int) index] : null;
    }

    /// Whether the page's metadata exist and are initialised.
    boolean isReady(long pa) {
        PamtBlock block = block(pa);
        return block != null && isReady(block);
    }

    private static boolean isReady(PamtBlock block) {
        return block.initialised() == PER_TABLE * PER_TABLE;
    }

    /// Locks the metadata of a page that an operand names.
    ///
    /// @param operand number of the operand, for the status
    long lock(long pa, int level, boolean exclusive, int operand) {
        if ((pa & PageInfo.size(level) - 1) != 0 || pa >>> ADDRESS_BITS != 0) {
            return TdxStatus.of(TdxStatus.OPERAND_INVALID, operand);
        }
        PamtBlock block = block(pa);
        if (block == null || !isReady(block)) {
            return TdxStatus.of(TdxStatus.OPERAND_ADDR_RANGE_ERROR, operand);
        }
        for (int at = TOP; at >= level; at--) {
            if (!tryLock(block, pa, at, exclusive && at == level)) {
                for (int held = TOP; held > at; held--) {
                    release(block, pa, held, false);
                }
                return TdxStatus.of(TdxStatus.OPERAND_BUSY, operand);
            }
        }
        return TdxStatus.SUCCESS;
    }

    /// Undoes [#lock].
    void unlock(long pa, int level, boolean exclusive) {
        PamtBlock block = known(pa);
        for (int at = level; at <= TOP; at++) {
            release(block, pa, at, exclusive && at == level);
        }
    }

    /// The type of the entry of a level, whatever the others say.
    int type(long pa, int level) {
        return type(word(pa, level));
    }

    /// The level of the entry that says what a page is: the highest that is assigned, else the 4K entry.
    public int leafLevel(long pa) {
        return type(pa, TOP) != PageType.NDA ? TOP : type(pa, 1) != PageType.NDA ? 1 : 0;
    }

    /// What a page is, as a [PageType] constant; RSVD outside of all TDMRs.
    public int typeOf(long pa) {
        return isReady(pa) ? type(pa, leafLevel(pa)) : PageType.RSVD;
    }

    /// Whether a 4K page has a type.
    boolean is(long pa, int type) {
        return type(pa, TOP) == PageType.NDA && type(pa, 1) == PageType.NDA && type(pa, 0) == type;
    }

    /// Whether a page and all that it covers is not assigned. The page is locked.
    boolean isFree(long pa, int level) {
        for (int at = TOP; at >= level; at--) {
            if (type(pa, at) != PageType.NDA) {
                return false;
            }
        }
        return level == 0 || areChildrenFree(pa, level);
    }

    /// Address of the TD that a page belongs or belonged to last.
    public long owner(long pa, int level) {
        return word(pa, level) >>> PamtBlock.OWNER_SHIFT << 12;
    }

    /// The epoch in which a page was blocked last; a constant of another kind for pages that came by migration.
    long blockEpoch(long pa, int level) {
        PamtBlock block = known(pa);
        return PamtBlock.get(block.table(pa, level), PamtBlock.index(pa, level) + 1);
    }

    void blockEpoch(long pa, int level, long epoch) {
        PamtBlock block = known(pa);
        PamtBlock.set(block.table(pa, level), PamtBlock.index(pa, level) + 1, epoch);
    }

    /// Assigns a page that is locked exclusively.
    void assign(long pa, int level, int type, long td) {
        blockEpoch(pa, level, 0);
        retype(pa, level, type, td);
    }

    /// Assigns a page and leaves its blocking epoch as it is: what was promoted, and the table of what was demoted.
    void retype(long pa, int level, int type, long td) {
        change(pa, level, (long) type << PamtBlock.TYPE_SHIFT | td >>> 12 << PamtBlock.OWNER_SHIFT);
    }

    /// Gives a page back; owner and blocking epoch stay as they are.
    void free(long pa, int level) {
        change(pa, level,
                (long) PageType.NDA << PamtBlock.TYPE_SHIFT | owner(pa, level) >>> 12 << PamtBlock.OWNER_SHIFT);
    }

    /// How many bytes all entries take now.
    public long bytes() {
        long bytes = 0;
        for (PamtBlock block : blocks) {
            bytes += block == null ? 0 : block.bytes();
        }
        return bytes;
    }

    /// Forces the type of one 4K entry, for tests.
    void force(long pa, int type) {
        change(pa, 0, (long) type << PamtBlock.TYPE_SHIFT);
    }

    private boolean areChildrenFree(long pa, int level) {
        PamtBlock block = known(pa);
        if (level == 1 && !block.hasSmall(pa)) {
            return true;
        }
        long[] table = block.table(pa, level - 1);
        for (int i = 0; i < PER_TABLE; i++) {
            if (type(PamtBlock.get(table, 2 * i)) != PageType.NDA) {
                return false;
            }
        }
        if (level == 1) {
            return true;
        }
        for (int i = 0; i < PER_TABLE; i++) {
            if (!areChildrenFree(pa + i * PageInfo.size(1), 1)) {
                return false;
            }
        }
        return true;
    }

    private static boolean tryLock(PamtBlock block, long pa, int level, boolean exclusive) {
        long[] table = block.table(pa, level);
        int index = PamtBlock.index(pa, level);
        while (true) {
            long word = PamtBlock.get(table, index);
            int held = (int) word & PamtBlock.LOCK_MASK;
            if (held == PamtBlock.EXCLUSIVE || exclusive && held != 0) {
                return false;
            }
            if (PamtBlock.replace(table, index, word, exclusive ? word | PamtBlock.EXCLUSIVE : word + 1)) {
                return true;
            }
        }
    }

    private static void release(PamtBlock block, long pa, int level, boolean exclusive) {
        long[] table = block.table(pa, level);
        int index = PamtBlock.index(pa, level);
        while (true) {
            long word = PamtBlock.get(table, index);
            if (PamtBlock.replace(table, index, word, exclusive ? word & ~PamtBlock.EXCLUSIVE : word - 1)) {
                return;
            }
        }
    }

    private void change(long pa, int level, long typeAndOwner) {
        long[] table = known(pa).table(pa, level);
        int index = PamtBlock.index(pa, level);
        while (true) {
            long word = PamtBlock.get(table, index);
            if (PamtBlock.replace(table, index, word, word & PamtBlock.LOCK_MASK | typeAndOwner)) {
                return;
            }
        }
    }

    private long word(long pa, int level) {
        return PamtBlock.get(known(pa).table(pa, level), PamtBlock.index(pa, level));
    }

    private PamtBlock known(long pa) {
        PamtBlock block = block(pa);
        if (block == null) {
            throw new IllegalStateException(
                    "page 0x" + Long.toHexString(pa) + " lies in no TDMR: its operand was not checked");
        }
        return block;
    }

    private static int type(long word) {
        return (int) (word >>> PamtBlock.TYPE_SHIFT) & PamtBlock.TYPE_MASK;
    }
}
