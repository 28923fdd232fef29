package org.enclosure.snp.launch;

import java.lang.foreign.MemorySegment;
import java.security.MessageDigest;

import org.enclosure.api.Paging;
import org.enclosure.spi.LaunchItem;

/// Measures as SEV and SEV-ES do: one SHA-256 over the bytes, whatever their addresses are (SEV API, sections 6.2 and 6.4:
/// LAUNCH_UPDATE_DATA, LAUNCH_UPDATE_VMSA). Of the page with the kernel's hashes only the table is loaded.
final class StreamMeasurement extends Measurement {
    private final MessageDigest sha256 = Sha.sha256();
    private byte[] result = {};

    StreamMeasurement(MemorySegment image, LaunchInputs inputs) {
        super(image, inputs);
    }

    @Override
    void imagePage(LaunchItem item) {
        MemorySegment.copy(image, item.imageOffset(), MemorySegment.ofArray(page), 0, Paging.PAGE_SIZE);
        sha256.update(page);
        line("DATA gpa=0x" + Long.toHexString(item.gfn() << Paging.PAGE_SHIFT) + " bytes=" + page.length);
    }

    @Override
    void page(LaunchItem item) {
        if (!LaunchFlags.isHashes(item)) {
            throw new IllegalArgumentException(
                    item + ": mode " + inputs.mode() + " loads the image and the kernel's hashes only");
        }
        int offset = LaunchFlags.offset(item);
        sha256.update(page, offset, HashTable.SIZE);
        line("DATA gpa=0x" + Long.toHexString((item.gfn() << Paging.PAGE_SHIFT) + offset) + " kernel hashes bytes="
                + HashTable.SIZE);
    }

    @Override
    void vcpu(byte[] vmsa) {
        sha256.update(vmsa);
        line("VMSA bytes=" + vmsa.length);
    }

    @Override
    byte[] digest() {
        if (result.length == 0) {
            result = sha256.digest();
        }
        return result;
    }

    @Override
    String algorithm() {
        return "SHA-256";
    }
}
