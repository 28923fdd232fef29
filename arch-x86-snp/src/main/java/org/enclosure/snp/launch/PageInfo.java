package org.enclosure.snp.launch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The PAGE_INFO structure, whose SHA-384 is the next digest (SEV-SNP Firmware ABI, section 8.17.2, table 70).
///
/// ```
/// 0x00  48  digest so far
/// 0x30  48  contents: SHA-384 of the page, or zero
/// 0x60   2  length of this structure, 0x70
/// 0x62   1  page type
/// 0x63   1  bit 0: page of the initial migration image
/// 0x64   1  zero
/// 0x65   3  permission masks of VMPL1, VMPL2, VMPL3, in this order
/// 0x68   8  guest physical address
/// ```
final class PageInfo {
    static final int SIZE = 0x70;
    static final int DIGEST_SIZE = 48;

    private static final int CONTENTS = 0x30;
    private static final int LENGTH = 0x60;
    private static final int TYPE = 0x62;
    private static final int IMI = 0x63;
    private static final int MASKS = 0x65;
    private static final int GPA = 0x68;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private PageInfo() {
    }

    /// Writes the fields that are the same whatever the digest so far is.
    static void describe(byte[] info, int type, long gpa, boolean imi, int masks) {
        info[LENGTH] = SIZE;
        info[LENGTH + 1] = 0;
        info[TYPE] = (byte) type;
        info[IMI] = (byte) (imi ? 1 : 0);
        info[MASKS - 1] = 0;
        for (int vmpl = 0; vmpl < 3; vmpl++) {
            info[MASKS + vmpl] = (byte) (masks >>> Byte.SIZE * vmpl);
        }
        MemorySegment.ofArray(info).set(LONG, GPA, gpa);
    }

    static void digest(byte[] info, byte[] digest) {
        System.arraycopy(digest, 0, info, 0, DIGEST_SIZE);
    }

    static void contents(byte[] info, byte[] contents) {
        System.arraycopy(contents, 0, info, CONTENTS, DIGEST_SIZE);
    }
}
