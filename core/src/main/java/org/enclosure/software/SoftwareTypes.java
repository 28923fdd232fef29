package org.enclosure.software;

import static org.enclosure.spi.VmTrait.CONTENT_KEPT;
import static org.enclosure.spi.VmTrait.COPIED_PAYLOAD;
import static org.enclosure.spi.VmTrait.IN_PLACE_PAYLOAD;
import static org.enclosure.spi.VmTrait.PRIVATE_MEMORY;
import static org.enclosure.spi.VmTrait.REFUSAL_TOLD;
import static org.enclosure.spi.VmTrait.SPLIT_BACKING;

import java.util.List;
import java.util.Set;

import org.enclosure.api.Paging;
import org.enclosure.spi.S2Format;
import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmTraits;
import org.enclosure.spi.VmType;

/// The VM types, and the states that their pages can be in.
final class SoftwareTypes {
    static final long STATE_HOLE = 0;
    static final long STATE_SHARED = 1;
    static final long STATE_PRIVATE = 2;

    /// Four levels of 512 entries, as x86 has them: bit 0 present, bit 1 writable, bit 7 leaf, bits 12 to 51 frame.
    static final S2Format FORMAT = new S2Format(4, 512, 1, 1 << 1, 1 << 7, 0x000f_ffff_ffff_f000L);

    /// An ordinary VM: every page is shared for ever.
    static final VmType DEFAULT = new VmType("default", "an ordinary VM without private memory",
            traits(Set.of(COPIED_PAYLOAD, IN_PLACE_PAYLOAD)), List.of("HOLE", "SHARED"));

    /// A VM with private memory that the engine alone enforces.
    static final VmType PROTECTED = new VmType("software-protected",
            "private memory enforced by the engine alone; bytes survive a conversion",
            traits(Set.of(PRIVATE_MEMORY, CONTENT_KEPT, SPLIT_BACKING, COPIED_PAYLOAD, IN_PLACE_PAYLOAD, REFUSAL_TOLD)),
            List.of("HOLE", "SHARED", "PRIVATE"));

    static final List<VmType> ALL = List.of(DEFAULT, PROTECTED);

    private SoftwareTypes() {
    }

    private static VmTraits traits(Set<VmTrait> has) {
        return new VmTraits(has, null, FORMAT, Paging.LEVEL_1G, 0, 0);
    }
}
