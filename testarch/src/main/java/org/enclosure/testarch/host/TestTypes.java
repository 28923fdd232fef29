package org.enclosure.testarch.host;

import static org.enclosure.spi.VmTrait.ACCEPT_NEEDED;
import static org.enclosure.spi.VmTrait.ADDRESS_TELLS_KIND;
import static org.enclosure.spi.VmTrait.COPIED_PAYLOAD;
import static org.enclosure.spi.VmTrait.FLUSH_NEEDS_EXIT;
import static org.enclosure.spi.VmTrait.IN_PLACE_PAYLOAD;
import static org.enclosure.spi.VmTrait.MERGES;
import static org.enclosure.spi.VmTrait.PRIVATE_MEMORY;
import static org.enclosure.spi.VmTrait.PRIVATE_TABLE_OWNED;
import static org.enclosure.spi.VmTrait.REFUSAL_TOLD;
import static org.enclosure.spi.VmTrait.SHARED_TABLE_OWNED;
import static org.enclosure.spi.VmTrait.SPLIT_BACKING;
import static org.enclosure.spi.VmTrait.ZEROES_BEFORE_USE;

import java.util.List;
import java.util.Set;

import org.enclosure.api.Paging;
import org.enclosure.spi.AddressTag;
import org.enclosure.spi.S2Format;
import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmTraits;
import org.enclosure.spi.VmType;
import org.enclosure.testarch.machine.StageTwo;
import org.jspecify.annotations.Nullable;

/// The VM types.
public final class TestTypes {
    static final S2Format FORMAT = new S2Format(4, 512, 1, 1 << 1, 1 << 7, 0x0007_ffff_ffff_f000L);

    /// The engine keeps both halves of stage 2; the frame table says who owns a frame; pages have to be accepted.
    public static final VmType CORE_OWNED = new VmType("core-owned",
            "stage 2 is the engine's, ownership is the frame table's",
            new VmTraits(Set.of(PRIVATE_MEMORY, ADDRESS_TELLS_KIND, ACCEPT_NEEDED, SPLIT_BACKING, IN_PLACE_PAYLOAD,
                    COPIED_PAYLOAD, REFUSAL_TOLD), new AddressTag(1L << 51, true), FORMAT, Paging.LEVEL_2M, 0, 0),
            List.of("HOLE", "SHARED", "UNACCEPTED", "ACCEPTED"));

    /// The private half is the machine's table.
    public static final VmType BACKEND_OWNED = new VmType("backend-owned",
            "the private half of stage 2 is the machine's",
            backendTraits(
                    Set.of(PRIVATE_MEMORY, PRIVATE_TABLE_OWNED, ADDRESS_TELLS_KIND, ZEROES_BEFORE_USE, FLUSH_NEEDS_EXIT,
                            MERGES, SPLIT_BACKING, COPIED_PAYLOAD, REFUSAL_TOLD),
                    FORMAT),
            List.of("ABSENT", "SHARED", "PRIVATE", "BLOCKED"));

    /// Both halves are the machine's table.
    public static final VmType BACKEND_BOTH = new VmType("backend-both", "all of stage 2 is the machine's",
            backendTraits(Set.of(PRIVATE_MEMORY, PRIVATE_TABLE_OWNED, SHARED_TABLE_OWNED, ADDRESS_TELLS_KIND,
                    ZEROES_BEFORE_USE,
                    FLUSH_NEEDS_EXIT, MERGES, SPLIT_BACKING, COPIED_PAYLOAD, REFUSAL_TOLD), null),
            List.of("ABSENT", "SHARED", "PRIVATE", "BLOCKED"));

    /// All of them.
    public static final List<VmType> ALL = List.of(CORE_OWNED, BACKEND_OWNED, BACKEND_BOTH);

    private TestTypes() {
    }

    private static VmTraits backendTraits(Set<VmTrait> has, @Nullable S2Format format) {
        return new VmTraits(has, new AddressTag(StageTwo.GFN_LIMIT << Paging.PAGE_SHIFT, false), format,
                Paging.LEVEL_2M,
                StageTwo.TABLE_LEVELS, 1);
    }
}
