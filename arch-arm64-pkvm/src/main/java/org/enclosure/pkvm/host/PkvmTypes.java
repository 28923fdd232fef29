package org.enclosure.pkvm.host;

import static org.enclosure.spi.VmTrait.CONTENT_KEPT;
import static org.enclosure.spi.VmTrait.COPIED_PAYLOAD;
import static org.enclosure.spi.VmTrait.FRAME_STAYS;
import static org.enclosure.spi.VmTrait.IN_PLACE_PAYLOAD;
import static org.enclosure.spi.VmTrait.PAGES_STAY;
import static org.enclosure.spi.VmTrait.PRIVATE_MEMORY;
import static org.enclosure.spi.VmTrait.PRIVATE_TABLE_OWNED;
import static org.enclosure.spi.VmTrait.REFUSAL_TOLD;
import static org.enclosure.spi.VmTrait.SHARED_TABLE_OWNED;

import java.util.List;
import java.util.Set;

import org.enclosure.api.Paging;
import org.enclosure.pkvm.machine.GuestStage2;
import org.enclosure.pkvm.wire.PageState;
import org.enclosure.spi.VmTraits;
import org.enclosure.spi.VmType;

/// The VM types.
public final class PkvmTypes {
    /// Every page is the guest's; it shares single pages with the host, in place. All of stage 2 is EL2's, 4K pages only. Addresses
    /// tell no kind, and nothing has to be accepted.
    public static final VmType PROTECTED = new VmType("protected",
            "the host gives its pages away; the guest shares pages back, in place",
            new VmTraits(Set.of(PRIVATE_MEMORY, PRIVATE_TABLE_OWNED, SHARED_TABLE_OWNED, CONTENT_KEPT, FRAME_STAYS,
                    IN_PLACE_PAYLOAD, REFUSAL_TOLD, PAGES_STAY), null, null, Paging.LEVEL_4K, GuestStage2.TABLE_LEVELS,
                    0),
            PageState.NAMES);

    /// The host shares its pages with the guest; there is no private memory.
    public static final VmType UNPROTECTED = new VmType("unprotected",
            "an ordinary VM on a host with pKVM: the host shares its pages with the guest",
            new VmTraits(Set.of(SHARED_TABLE_OWNED, CONTENT_KEPT, IN_PLACE_PAYLOAD, COPIED_PAYLOAD), null, null,
                    Paging.LEVEL_2M, GuestStage2.TABLE_LEVELS, 0),
            PageState.NAMES);

    /// All of them.
    public static final List<VmType> ALL = List.of(PROTECTED, UNPROTECTED);

    private PkvmTypes() {
    }
}
