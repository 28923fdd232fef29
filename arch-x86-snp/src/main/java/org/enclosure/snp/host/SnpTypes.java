package org.enclosure.snp.host;

import static org.enclosure.spi.VmTrait.ACCEPT_NEEDED;
import static org.enclosure.spi.VmTrait.ADDRESS_TELLS_KIND;
import static org.enclosure.spi.VmTrait.IN_PLACE_PAYLOAD;
import static org.enclosure.spi.VmTrait.PRIVATE_MEMORY;
import static org.enclosure.spi.VmTrait.REFUSAL_TOLD;
import static org.enclosure.spi.VmTrait.SPLIT_BACKING;

import java.util.List;
import java.util.Set;

import org.enclosure.api.Paging;
import org.enclosure.snp.wire.Abi;
import org.enclosure.spi.AddressTag;
import org.enclosure.spi.S2Format;
import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmTraits;
import org.enclosure.spi.VmType;

/// The VM types.
public final class SnpTypes {
    /// The nested page table: 4 levels, x86-64 entries.
    static final S2Format FORMAT = new S2Format(4, 512, 1, 1 << 1, 1 << 7, 0x0007_ffff_ffff_f000L);

    /// SEV-SNP: the RMP says who owns a page, and the guest has to validate it.
    public static final VmType SNP = new VmType("snp", "SEV-SNP: the RMP owns pages, the guest validates them",
            traits(Set.of(PRIVATE_MEMORY, ADDRESS_TELLS_KIND, ACCEPT_NEEDED, SPLIT_BACKING, IN_PLACE_PAYLOAD,
                    REFUSAL_TOLD)),
            List.of("HOLE", "HYPERVISOR", "GUEST_INVALID", "GUEST_VALID", "IMMUTABLE", "FOREIGN"));

    /// SEV-ES: pages and registers are encrypted; nothing is refused.
    public static final VmType SEV_ES = new VmType("sev-es", "SEV-ES: pages and registers encrypted, no RMP",
            traits(Set.of(PRIVATE_MEMORY, ADDRESS_TELLS_KIND, IN_PLACE_PAYLOAD, REFUSAL_TOLD)),
            List.of("HOLE", "SHARED", "ENCRYPTED", "FOREIGN"));

    /// SEV: pages are encrypted; nothing is refused.
    public static final VmType SEV = new VmType("sev", "SEV: pages encrypted, no RMP", SEV_ES.traits(),
            SEV_ES.pageStates());

    /// All of them.
    public static final List<VmType> ALL = List.of(SNP, SEV_ES, SEV);

    private SnpTypes() {
    }

    private static VmTraits traits(Set<VmTrait> has) {
        return new VmTraits(has, new AddressTag(1L << Abi.C_BIT, true), FORMAT, Paging.LEVEL_2M, 0, 0);
    }
}
