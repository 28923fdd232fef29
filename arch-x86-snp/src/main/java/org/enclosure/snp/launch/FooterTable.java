package org.enclosure.snp.launch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/// The table of GUIDs near the end of an OVMF image. It is read from its end, because entries are added below the older ones.
///
/// ```
/// ... | data | length 2 | GUID 16 | data | length 2 | GUID 16 | length 2 | footer GUID 16 | 32 bytes | end
///            \______ an entry: the length counts data, length and GUID     \_ counts the whole table
/// ```
///
/// (OvmfPkg/ResetVector/Ia16/ResetVectorVtf0.asm.)
final class FooterTable {
    private static final String FOOTER = "96b582de-1fb2-45f7-baea-a366c55a082d";
    private static final long BELOW_END = 32;
    private static final int HEADER = Short.BYTES + Guid.SIZE;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);

    private final boolean present;
    private final List<Entry> entries;

    /// One entry.
    ///
    /// @param offset of its data in the image
    /// @param length of its data
    record Entry(String guid, long offset, long length) {
    }

    private FooterTable(boolean present, List<Entry> entries) {
        this.present = present;
        this.entries = entries;
    }

    /// Reads the table of an image; an image without one has an empty table.
    ///
    /// @throws FirmwareException FOOTER_TABLE
    static FooterTable read(MemorySegment image) {
        long end = image.byteSize() - BELOW_END;
        if (end < HEADER || !guidBefore(image, end).equals(FOOTER)) {
            return new FooterTable(false, List.of());
        }
        long length = lengthBefore(image, end);
        if (length < HEADER || length > end) {
            throw broken(end, length, "the whole table", end);
        }
        List<Entry> entries = new ArrayList<>();
        long at = end - HEADER;
        long start = end - length;
        while (at > start) {
            long room = at - start;
            if (room < HEADER) {
                throw new FirmwareException(FirmwareFault.FOOTER_TABLE, "the table of GUIDs has " + room
                        + " bytes left at offset 0x" + Long.toHexString(start) + "; an entry needs at least " + HEADER);
            }
            long size = lengthBefore(image, at);
            if (size < HEADER || size > room) {
                throw broken(at, size, "its entry", room);
            }
            entries.add(new Entry(guidBefore(image, at), at - size, size - HEADER));
            at -= size;
        }
        return new FooterTable(true, entries);
    }

    /// Whether the image has such a table at all.
    boolean isPresent() {
        return present;
    }

    /// The entry with a GUID, or null.
    ///
    /// @param atLeast bytes of data that the reader needs
    /// @throws FirmwareException FOOTER_TABLE if the entry is too short, or there is more than one
    @Nullable
    Entry find(String name, String guid, int atLeast) {
        Entry found = null;
        for (Entry entry : entries) {
            if (entry.guid.equals(guid)) {
                if (found != null) {
                    throw new FirmwareException(FirmwareFault.FOOTER_TABLE,
                            "the table of GUIDs has two entries for the "
                                    + name + ", with data at offsets 0x" + Long.toHexString(entry.offset) + " and 0x"
                                    + Long.toHexString(found.offset));
                }
                found = entry;
            }
        }
        if (found != null && found.length < atLeast) {
            throw new FirmwareException(FirmwareFault.FOOTER_TABLE, "the entry for the " + name + " at offset 0x"
                    + Long.toHexString(found.offset) + " has " + found.length + " bytes of data; needed are "
                    + atLeast);
        }
        return found;
    }

    private static String guidBefore(MemorySegment image, long end) {
        return Guid.text(image.asSlice(end - Guid.SIZE, Guid.SIZE).toArray(ValueLayout.JAVA_BYTE));
    }

    private static int lengthBefore(MemorySegment image, long end) {
        return Short.toUnsignedInt(image.get(SHORT, end - HEADER));
    }

    private static FirmwareException broken(long end, long length, String what, long most) {
        return new FirmwareException(FirmwareFault.FOOTER_TABLE, "the table of GUIDs: at offset 0x"
                + Long.toHexString(end - HEADER) + " the length of " + what + " is " + length + "; legal is " + HEADER
                + " to " + most);
    }
}
