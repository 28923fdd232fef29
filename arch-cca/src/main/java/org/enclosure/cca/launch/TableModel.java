package org.enclosure.cca.launch;

import java.util.HashSet;
import java.util.Set;

import org.enclosure.cca.wire.RttEntry;

/// Which tables a launch has built so far, without a machine: one descriptor is measured per entry, so the depth counts.
final class TableModel {
    private final int startLevel;
    /// Entries that are tables, by level: the IPA that they cover first.
    private final Set<Long> tables = new HashSet<>();
    private final Set<Long> pages = new HashSet<>();

    TableModel(int startLevel) {
        this.startLevel = startLevel;
    }

    /// The level of the entry that decides about an IPA.
    int level(long ipa) {
        int level = startLevel;
        while (level < RttEntry.PAGE_LEVEL && tables.contains(key(ipa, level))) {
            level++;
        }
        return level;
    }

    /// Hangs a table below the entry of an IPA.
    void split(long ipa) {
        tables.add(key(ipa, level(ipa)));
    }

    /// Adds a page.
    ///
    /// @throws IllegalArgumentException if there is one
    void page(long ipa) {
        while (level(ipa) < RttEntry.PAGE_LEVEL) {
            split(ipa);
        }
        if (!pages.add(ipa)) {
            throw new IllegalArgumentException("two pages at ipa=0x" + Long.toHexString(ipa));
        }
    }

    /// Whether there is a page at an IPA.
    boolean isPage(long ipa) {
        return pages.contains(ipa);
    }

    private static long key(long ipa, int level) {
        return ipa & -RttEntry.size(level) | level;
    }
}
