package org.enclosure.snp.launch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import org.enclosure.api.Paging;
import org.jspecify.annotations.Nullable;

/// What an OVMF image says about itself. Every question is answered when it is asked: what a mode does not need may be missing or
/// broken.
///
/// The SEV metadata lie at the offset from the image's end that their entry in the [FooterTable] gives:
///
/// ```
/// "ASEV" | size 4 | version 4, 1 | count 4 | count x { gpa 4 | size 4 | type 4 }
/// ```
///
/// (OvmfPkg/ResetVector/X64/OvmfSevMetadata.asm.)
final class Firmware {
    /// An image ends here.
    static final long END = 1L << 32;

    private static final String METADATA = "dc886566-984a-4798-a75e-5585a7bf67cc";
    private static final String RESET_BLOCK = "00f771de-1a7e-4fcb-890e-68c77e2fb44e";
    private static final String HASHES_TABLE = "7255371f-3a3b-4b04-927b-1da6efa8d454";

    private static final int SIGNATURE = 'A' | 'S' << 8 | 'E' << 16 | 'V' << 24;
    private static final long HEADER = 16;
    private static final long SECTION = 12;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final MemorySegment image;
    private final FooterTable table;

    /// Reads an image.
    ///
    /// @throws FirmwareException IMAGE_SIZE, FOOTER_TABLE
    Firmware(MemorySegment image) {
        long size = image.byteSize();
        checkSize(size, END);
        this.image = image;
        table = FooterTable.read(image);
    }

    /// Refuses images that no memory slot can hold.
    static void checkSize(long size, long limit) {
        if (size == 0 || !Paging.isPageAligned(size) || size >= limit) {
            throw new FirmwareException(FirmwareFault.IMAGE_SIZE,
                    "an image of " + size + " bytes; legal is a positive multiple of 4096 below 0x"
                            + Long.toHexString(limit));
        }
    }

    /// Where the image lies: it ends at 4 GiB.
    long gpa() {
        return END - image.byteSize();
    }

    /// Whether the table of GUIDs has SEV metadata.
    boolean hasMetadata() {
        return find("SEV metadata", METADATA, Integer.BYTES) != null;
    }

    /// Whether the table of GUIDs has the address at which further vCPUs start.
    boolean hasResetBlock() {
        return find("SEV-ES reset block", RESET_BLOCK, Integer.BYTES) != null;
    }

    /// Where the table of GUIDs says that the table of hashes goes, whatever room it has there; 0 if nowhere.
    long hashesBase() {
        FooterTable.Entry entry = hashesEntry();
        return entry == null ? 0 : u32(entry.offset());
    }

    /// The sections of the SEV metadata, as they are.
    ///
    /// @throws FirmwareException NO_FOOTER, NO_METADATA, METADATA
    List<Section> sections() {
        FooterTable.Entry entry = find("SEV metadata", METADATA, Integer.BYTES);
        if (entry == null) {
            throw missing(FirmwareFault.NO_METADATA, "SEV metadata, which SEV-SNP needs");
        }
        long start = image.byteSize() - u32(entry.offset());
        long count = checkHeader(start);
        List<Section> sections = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            long at = start + HEADER + i * SECTION;
            sections.add(new Section(u32(at), u32(at + 4), u32(at + 8)));
        }
        return sections;
    }

    /// Where further vCPUs start.
    ///
    /// @throws FirmwareException NO_FOOTER, NO_RESET_BLOCK
    long resetEip() {
        FooterTable.Entry entry = find("SEV-ES reset block", RESET_BLOCK, Integer.BYTES);
        if (entry == null) {
            throw missing(FirmwareFault.NO_RESET_BLOCK, "SEV-ES reset block, which SEV-ES and SEV-SNP need");
        }
        return u32(entry.offset());
    }

    /// Where the table of hashes goes.
    ///
    /// @throws FirmwareException NO_FOOTER, NO_HASHES_TABLE, HASHES_AREA
    long hashesGpa() {
        FooterTable.Entry entry = hashesEntry();
        if (entry == null || u32(entry.offset()) == 0) {
            throw missing(FirmwareFault.NO_HASHES_TABLE, "place for kernel hashes, which a kernel needs");
        }
        long gpa = u32(entry.offset());
        long size = u32(entry.offset() + 4);
        long room = Math.min(size, Paging.PAGE_SIZE - gpa % Paging.PAGE_SIZE);
        if (room < HashTable.SIZE) {
            throw new FirmwareException(FirmwareFault.HASHES_AREA, "the place for kernel hashes at gpa 0x"
                    + Long.toHexString(gpa) + ", 0x" + Long.toHexString(size) + " bytes, has 0x"
                    + Long.toHexString(room) + " bytes in its page; needed are " + HashTable.SIZE);
        }
        return gpa;
    }

    private FooterTable.@Nullable Entry hashesEntry() {
        return find("place for kernel hashes", HASHES_TABLE, 2 * Integer.BYTES);
    }

    private FooterTable.@Nullable Entry find(String name, String guid, int atLeast) {
        return table.find(name, guid, atLeast);
    }

    private FirmwareException missing(FirmwareFault fault, String what) {
        if (table.isPresent()) {
            return new FirmwareException(fault, "the firmware's table of GUIDs has no " + what);
        }
        return new FirmwareException(FirmwareFault.NO_FOOTER, "the firmware has no table of GUIDs that ends 32 bytes"
                + " before its end, so there is no " + what);
    }

    private long checkHeader(long start) {
        long room = image.byteSize() - start;
        if (start < 0 || room < HEADER) {
            throw broken(room, "a header of " + HEADER + " bytes does not fit there");
        }
        if (image.get(INT, start) != SIGNATURE) {
            throw broken(room, "the signature is 0x" + Integer.toHexString(image.get(INT, start)) + ", not ASEV");
        }
        long size = u32(start + 4);
        long version = u32(start + 8);
        long count = u32(start + 12);
        if (version != 1) {
            throw broken(room, "their version is " + version + "; legal is 1");
        }
        if (size > room || size < HEADER + count * SECTION) {
            throw broken(room,
                    "their size is " + size + " with " + count + " sections; legal is " + (HEADER + count * SECTION)
                            + " to " + room);
        }
        return count;
    }

    private static FirmwareException broken(long fromEnd, String why) {
        return new FirmwareException(FirmwareFault.METADATA,
                "the SEV metadata 0x" + Long.toHexString(fromEnd) + " bytes before the image's end: " + why);
    }

    private long u32(long offset) {
        return Integer.toUnsignedLong(image.get(INT, offset));
    }
}
