package org.enclosure.cca.launch;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

import org.enclosure.cca.machine.Rim;
import org.enclosure.cca.wire.RecParams;
import org.enclosure.cca.wire.RttEntry;
import org.enclosure.spi.LaunchResult;

/// Measures a launch step by step, without a machine, and keeps a line for each.
final class RimBuilder {
    private final RealmOptions realm;
    private final Rim rim;
    private final TableModel tables;
    private final List<String> lines = new ArrayList<>();

    RimBuilder(RealmOptions realm) {
        this.realm = realm;
        rim = new Rim(realm.hash());
        tables = new TableModel(realm.startLevel());
        rim.realm(realm.flags(), realm.s2sz(), realm.sveVl(), realm.numBps(), realm.numWps(), realm.pmuCounters(),
                realm.hash());
        lines.add("realm s2sz=" + realm.s2sz() + " flags=0x" + Long.toHexString(realm.flags()) + " num_bps="
                + realm.numBps() + " num_wps=" + realm.numWps());
    }

    /// A range becomes RAM, with the largest entries that fit.
    void ripas(long base, long top) {
        long half = 1L << realm.s2sz() - 1;
        if (base < 0 || base >= top || top > half) {
            throw new IllegalArgumentException("ripas base=0x" + Long.toHexString(base) + " top=0x"
                    + Long.toHexString(top) + " is not a range below 0x" + Long.toHexString(half));
        }
        for (long at = base; at < top;) {
            long size = RttEntry.size(tables.level(at));
            if ((at & size - 1) != 0 || at + size > top) {
                tables.split(at);
            } else if (tables.isPage(at)) {
                throw new IllegalArgumentException("ripas at ipa=0x" + Long.toHexString(at)
                        + ", where a page was added before: that range is initialised first");
            } else {
                rim.ripas(at, at + size);
                at += size;
            }
        }
        lines.add("ripas base=0x" + Long.toHexString(base) + " top=0x" + Long.toHexString(top));
    }

    /// A page is added.
    void data(long ipa, long flags, byte[] content) {
        long half = 1L << realm.s2sz() - 1;
        if (ipa < 0 || ipa >= half) {
            throw new IllegalArgumentException("data ipa=0x" + Long.toHexString(ipa) + " is not below 0x"
                    + Long.toHexString(half));
        }
        tables.page(ipa);
        rim.data(ipa, flags, content);
        MessageDigest digest = Rim.digest(realm.hash());
        lines.add("data ipa=0x" + Long.toHexString(ipa) + " flags=" + flags + " digest="
                + HexFormat.of().formatHex(digest.digest(content)));
    }

    /// A REC is added.
    void rec(long flags, long pc, long[] gprs) {
        if ((flags & RecParams.RUNNABLE) != 0) {
            rim.rec(flags, pc, gprs);
        }
        lines.add("rec flags=" + flags + " pc=0x" + Long.toHexString(pc));
    }

    LaunchResult result() {
        byte[] digest = Arrays.copyOf(rim.value(), Rim.length(realm.hash()));
        return new LaunchResult(Rim.name(realm.hash()), HexFormat.of().formatHex(digest), true, lines);
    }
}
