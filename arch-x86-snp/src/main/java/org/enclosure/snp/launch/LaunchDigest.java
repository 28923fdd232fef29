package org.enclosure.snp.launch;

import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;

import org.enclosure.api.Paging;

/// The launch digest of an SNP guest as the firmware keeps it: LD over all pages, IMD over those of the initial migration image.
///
/// Both start as zeroes and become the SHA-384 of the [PageInfo] of each page in turn (SEV-SNP Firmware ABI, section 8.17.2). A
/// page of 2M counts as its 512 pages of 4K, so the digest does not depend on page sizes. Used by one thread; nothing is
/// allocated per page.
public final class LaunchDigest {
    /// Bytes of a digest.
    public static final int SIZE = PageInfo.DIGEST_SIZE;

    /// GUEST_TSC_SCALE and GUEST_TSC_OFFSET of a VMSA: measured as zero.
    private static final int TSC_START = 0x2F0;
    private static final int TSC_END = 0x300;
    private static final byte[] TSC_ZERO = new byte[TSC_END - TSC_START];

    private final MessageDigest sha384 = Sha.sha384();
    private final byte[] ld = new byte[SIZE];
    private final byte[] imd = new byte[SIZE];
    private final byte[] contents = new byte[SIZE];
    private final byte[] info = new byte[PageInfo.SIZE];

    /// Starts as LAUNCH_START does: with zeroes.
    public LaunchDigest() {
    }

    /// Goes on from digests that were taken before.
    ///
    /// @param ld the launch digest so far
    /// @param imd the digest of the initial migration image so far
    /// @throws IllegalArgumentException if one of them does not have 48 bytes
    public LaunchDigest(byte[] ld, byte[] imd) {
        checkSize("ld", ld.length, SIZE);
        checkSize("imd", imd.length, SIZE);
        System.arraycopy(ld, 0, this.ld, 0, SIZE);
        System.arraycopy(imd, 0, this.imd, 0, SIZE);
    }

    /// Measures one page.
    ///
    /// @param type one of [PageType]
    /// @param gpa the guest physical address that the RMP entry holds
    /// @param page 4096 bytes; not looked at unless the type's content is measured
    /// @param imi whether the page belongs to the initial migration image
    /// @param masks permission masks: VMPL1 in bits 7:0, VMPL2 in 15:8, VMPL3 in 23:16
    public void extend(int type, long gpa, byte[] page, boolean imi, int masks) {
        if (PageType.isContentMeasured(type)) {
            hash(type, page);
        } else {
            Arrays.fill(contents, (byte) 0);
        }
        chain(type, gpa, imi, masks);
    }

    /// As [#extend], for a page of which only the SHA-384 is known.
    ///
    /// @param hash what goes into the contents field, 48 bytes
    public void extendHashed(int type, long gpa, byte[] hash, boolean imi, int masks) {
        checkSize("contents", hash.length, SIZE);
        System.arraycopy(hash, 0, contents, 0, SIZE);
        chain(type, gpa, imi, masks);
    }

    /// The launch digest so far.
    public byte[] digest() {
        return ld.clone();
    }

    /// The digest of the initial migration image so far.
    public byte[] imd() {
        return imd.clone();
    }

    /// The contents field of the last page.
    public byte[] contents() {
        return contents.clone();
    }

    /// The PAGE_INFO of the last page, with the digest before it.
    public byte[] pageInfo() {
        return info.clone();
    }

    private void hash(int type, byte[] page) {
        checkSize("page", page.length, (int) Paging.PAGE_SIZE);
        if (type == PageType.VMSA) {
            sha384.update(page, 0, TSC_START);
            sha384.update(TSC_ZERO);
            sha384.update(page, TSC_END, page.length - TSC_END);
        } else {
            sha384.update(page);
        }
        digestInto(contents);
    }

    private void chain(int type, long gpa, boolean imi, int masks) {
        PageInfo.contents(info, contents);
        PageInfo.describe(info, type, gpa, imi, masks);
        if (imi) {
            PageInfo.digest(info, imd);
            sha384.update(info);
            digestInto(imd);
        }
        PageInfo.digest(info, ld);
        sha384.update(info);
        digestInto(ld);
    }

    private void digestInto(byte[] target) {
        try {
            sha384.digest(target, 0, SIZE);
        } catch (DigestException impossible) {
            throw new AssertionError("SHA-384 has " + SIZE + " bytes", impossible);
        }
    }

    private static void checkSize(String what, int size, int legal) {
        if (size != legal) {
            throw new IllegalArgumentException(what + " has " + size + " bytes; legal is " + legal);
        }
    }
}
