package org.enclosure.snp.launch;

import java.lang.foreign.MemorySegment;

import org.enclosure.api.Paging;
import org.enclosure.spi.LaunchItem;
import org.jspecify.annotations.Nullable;

/// Measures as SEV-SNP does: a chain over the pages.
final class ChainMeasurement extends Measurement {
    private final LaunchDigest digest;
    private @Nullable PageHashes hashes;

    ChainMeasurement(MemorySegment image, LaunchInputs inputs) {
        super(image, inputs);
        byte[] seed = inputs.seed();
        digest = seed == null ? new LaunchDigest() : new LaunchDigest(seed, new byte[LaunchDigest.SIZE]);
        if (seed != null) {
            line("image pages not looked at, ld=" + hex(seed));
        }
    }

    @Override
    void imagePage(LaunchItem item) {
        PageHashes all = hashes;
        if (all == null) {
            all = new PageHashes(image);
            hashes = all;
        }
        long gpa = item.gfn() << Paging.PAGE_SHIFT;
        digest.extendHashed(item.type(), gpa, all.at(item.imageOffset()), LaunchFlags.isImi(item),
                LaunchFlags.masks(item));
        tell(item.type(), gpa, "");
    }

    @Override
    void page(LaunchItem item) {
        long gpa = item.gfn() << Paging.PAGE_SHIFT;
        digest.extend(item.type(), gpa, page, LaunchFlags.isImi(item), LaunchFlags.masks(item));
        tell(item.type(), gpa, LaunchFlags.isHashes(item) ? " kernel hashes" : "");
    }

    @Override
    void vcpu(byte[] vmsa) {
        digest.extend(PageType.VMSA, Vmsa.MEASURED_GPA, vmsa, false, 0);
        tell(PageType.VMSA, Vmsa.MEASURED_GPA, "");
    }

    private void tell(int type, long gpa, String what) {
        line(PageType.nameOf(type) + " gpa=0x" + Long.toHexString(gpa) + what + " contents=" + hex(digest.contents())
                + " ld=" + hex(digest.digest()));
    }

    @Override
    byte[] digest() {
        return digest.digest();
    }

    @Override
    String algorithm() {
        return "SHA-384";
    }
}
