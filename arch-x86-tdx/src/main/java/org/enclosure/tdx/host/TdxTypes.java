package org.enclosure.tdx.host;

import static org.enclosure.spi.VmTrait.ACCEPT_NEEDED;
import static org.enclosure.spi.VmTrait.ADDRESS_TELLS_KIND;
import static org.enclosure.spi.VmTrait.COPIED_PAYLOAD;
import static org.enclosure.spi.VmTrait.FLUSH_NEEDS_EXIT;
import static org.enclosure.spi.VmTrait.MERGES;
import static org.enclosure.spi.VmTrait.PRIVATE_MEMORY;
import static org.enclosure.spi.VmTrait.PRIVATE_TABLE_OWNED;
import static org.enclosure.spi.VmTrait.REFUSAL_TOLD;
import static org.enclosure.spi.VmTrait.SPLIT_BACKING;
import static org.enclosure.spi.VmTrait.ZEROES_BEFORE_USE;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.enclosure.api.Paging;
import org.enclosure.spi.AddressTag;
import org.enclosure.spi.S2Format;
import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmTraits;
import org.enclosure.spi.VmType;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.SeptState;

/// The VM types: a TD with 48 bits of guest address, and one with 52 bits and five levels of secure EPT.
public final class TdxTypes {
    /// Page state: nothing is there.
    static final int NONE = 0;
    /// Page state: in the shared half.
    static final int SHARED = 1;
    /// Page states from here on are those of the secure EPT.
    static final int FIRST_PRIVATE = 2;

    private static final Set<VmTrait> TRAITS = Set.of(PRIVATE_MEMORY, PRIVATE_TABLE_OWNED, ADDRESS_TELLS_KIND,
            ACCEPT_NEEDED, ZEROES_BEFORE_USE, FLUSH_NEEDS_EXIT, MERGES, SPLIT_BACKING, COPIED_PAYLOAD, REFUSAL_TOLD);
    /// EPT: read and execute, write, leaf.
    private static final S2Format EPT_4_LEVELS = new S2Format(4, 512, 5, 1 << 1, 1 << 7, 0x000f_ffff_ffff_f000L);
    private static final S2Format EPT_5_LEVELS = new S2Format(5, 512, 5, 1 << 1, 1 << 7, 0x000f_ffff_ffff_f000L);

    /// A TD whose guest addresses have 48 bits.
    public static final VmType TD = new VmType("td", "a TD with 48-bit guest addresses, shared bit 47",
            traits(48, EPT_4_LEVELS),
            pageStates());
    /// A TD whose guest addresses have 52 bits.
    public static final VmType TD_WIDE = new VmType("td-gpaw52",
            "a TD with 52-bit guest addresses and 5 levels of secure EPT, shared bit 51", traits(52, EPT_5_LEVELS),
            pageStates());
    /// All of them.
    public static final List<VmType> ALL = List.of(TD, TD_WIDE);

    private TdxTypes() {
    }

    /// Width of guest addresses of a type.
    static int gpaw(VmType type) {
        return type.id().equals(TD_WIDE.id()) ? 52 : 48;
    }

    private static VmTraits traits(int gpaw, S2Format format) {
        return new VmTraits(TRAITS, new AddressTag(PageInfo.sharedBit(gpaw), false), format, Paging.LEVEL_2M,
                format.topLevel() - 1, 1);
    }

    private static List<String> pageStates() {
        List<String> names = new ArrayList<>(List.of("NONE", "SHARED"));
        for (SeptState state : SeptState.values()) {
            names.add(state.name());
        }
        return names;
    }
}
