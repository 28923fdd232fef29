package org.enclosure.cca.host;

import static org.enclosure.spi.VmTrait.ADDRESS_TELLS_KIND;
import static org.enclosure.spi.VmTrait.COPIED_PAYLOAD;
import static org.enclosure.spi.VmTrait.MERGES;
import static org.enclosure.spi.VmTrait.PRIVATE_MEMORY;
import static org.enclosure.spi.VmTrait.PRIVATE_TABLE_OWNED;
import static org.enclosure.spi.VmTrait.SHARED_TABLE_OWNED;
import static org.enclosure.spi.VmTrait.SPLIT_BACKING;
import static org.enclosure.spi.VmTrait.ZEROES_BEFORE_USE;

import java.util.List;
import java.util.Set;

import org.enclosure.api.Paging;
import org.enclosure.cca.wire.RttEntry;
import org.enclosure.spi.AddressTag;
import org.enclosure.spi.VmTraits;
import org.enclosure.spi.VmType;

/// The VM type.
public final class CcaTypes {
    /// Width of the IPA space of a realm that says nothing else: the most that the machine has.
    public static final int IPA_WIDTH = 48;
    /// The bit of an IPA that is set in the unprotected half of such a realm.
    public static final long UNPROTECTED = unprotected(IPA_WIDTH);
    /// The most tables between the start level, which is 0 then, and a page.
    static final int TABLE_LEVELS = RttEntry.PAGE_LEVEL;

    /// A realm. Whoever asks for memory of the host's loses the content of the private page; the host can refuse only that
    /// memory becomes RAM, so a refusal is not always told.
    public static final VmType REALM = new VmType("realm", "stage 2 is the RMM's, both halves",
            new VmTraits(Set.of(PRIVATE_MEMORY, PRIVATE_TABLE_OWNED, SHARED_TABLE_OWNED, ADDRESS_TELLS_KIND,
                    ZEROES_BEFORE_USE, MERGES, SPLIT_BACKING, COPIED_PAYLOAD), new AddressTag(UNPROTECTED, false), null,
                    Paging.LEVEL_2M, TABLE_LEVELS, 1),
            List.of("UNASSIGNED_EMPTY", "UNASSIGNED_RAM", "UNASSIGNED_DESTROYED", "ASSIGNED_EMPTY", "ASSIGNED_RAM",
                    "ASSIGNED_DESTROYED", "UNASSIGNED_NS", "ASSIGNED_NS"));

    /// Index of the first state of ASSIGNED pages; RIPAS is added.
    static final long ASSIGNED = 3;
    /// Index of UNASSIGNED_NS; ASSIGNED_NS is the next.
    static final long NS = 6;

    private CcaTypes() {
    }

    /// The bit of an IPA that is set in the unprotected half.
    static long unprotected(int width) {
        return 1L << width - 1;
    }

    /// The traits of a realm with an IPA width.
    static VmTraits traits(int width) {
        VmTraits all = REALM.traits();
        return new VmTraits(all.has(), new AddressTag(unprotected(width), false), null, all.maxLevel(),
                all.framesPerMap(), all.framesPerSplit());
    }
}
