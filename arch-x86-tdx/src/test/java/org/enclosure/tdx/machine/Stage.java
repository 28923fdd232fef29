package org.enclosure.tdx.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.enclosure.tdx.Script;
import org.enclosure.tdx.wire.OpState;
import org.enclosure.tdx.wire.SeptEntry;
import org.enclosure.tdx.wire.SeptState;

/// A TD with one entry, for guest address 0, in a wanted state: a page of level 0 or 1, or a table at level 1.
final class Stage implements AutoCloseable {
    static final long TD = Script.TD;
    static final long TABLE = 0x4018_0000L;
    static final long LIST = 0x4100_0000L;
    static final long NEW_PAGES = 0x4100_1000L;
    static final long NEW_TABLE = 0x4030_1000L;
    static final long CHILDREN = 0x4060_0000L;

    private static final long[] PAGES = {0x4020_0000L, 0x4040_0000L};
    private static final long[] OTHER_PAGES = {0x4030_0000L, 0x4080_0000L};

    final Script script;
    final int level;

    /// @param isTracked whether what was blocked is tracked
    Stage(long attributes, int level, SeptState state, boolean isTracked) {
        this.level = level;
        script = Script.building(attributes, level + 1);
        if (state.isTable()) {
            done("TDH.MEM.SEPT.ADD", level, TD, TABLE);
        } else if (state.isPage()) {
            done("TDH.MEM.PAGE.AUG", level, TD, page());
        }
        if (state.isPage() || state.isTable()) {
            done("TDH.MEM.RANGE.BLOCK", level, TD);
            if (isTracked) {
                done("TDH.MEM.TRACK", TD);
            }
        }
        force(state);
    }

    void force(SeptState state) {
        script.invoke("TEST.SET_SEPT_STATE", TD, 0, level, state.code());
    }

    /// Fills the table with pages; the entry is the table's for the time being.
    void populate(SeptState state, int count) {
        SeptState before = state();
        force(SeptState.NL_MAPPED);
        for (long i = 0; i < count; i++) {
            done("TDH.MEM.PAGE.AUG", i << 12, TD, CHILDREN + (i << 12));
            if (state == SeptState.MAPPED) {
                done("TDG.MEM.PAGE.ACCEPT", TD, i << 12);
            }
        }
        force(before);
    }

    Stage in(OpState opState) {
        script.invoke("TEST.SET_OP_STATE", TD, opState.number());
        return this;
    }

    long invoke(String name, long... operands) {
        return script.invoke(name, operands);
    }

    void done(String name, long... operands) {
        assertEquals(0, script.invoke(name, operands), name);
    }

    /// The page that is mapped.
    long page() {
        return PAGES[level];
    }

    /// A page of the entry's size that is not.
    long otherPage() {
        return OTHER_PAGES[level];
    }

    long raw() {
        script.invoke("STATE.SEPT_ENTRY", TD, 0, level);
        return script.out("raw");
    }

    SeptState state() {
        return SeptEntry.state(raw());
    }

    /// The blocking epoch of the page, or of the table.
    long blockEpoch() {
        done("TDH.PHYMEM.PAGE.RDMD", state().isTable() ? TABLE : page());
        return script.out("r9");
    }

    @Override
    public void close() {
        script.close();
    }
}
