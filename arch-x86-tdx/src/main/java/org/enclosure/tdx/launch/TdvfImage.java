package org.enclosure.tdx.launch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// A TDVF image by its metadata (TDX Virtual Firmware Design Guide; the GUIDed table is OVMF's).
///
/// ```
///  image end - 48   footer GUID 96b582de-1fb2-45f7-baea-a366c55a082d, before it a u16: length of the table
///  table, from its end backwards:  data | u16 length | GUID       entry e47a6535-984a-4798-865e-4685a7bf8ec2: u32 offset
///  image end - offset   "TDVF" | u32 length | u32 version 1 | u32 count | count sections of 32 bytes
///  section   u32 data offset | u32 raw size | u64 address | u64 memory size | u32 type | u32 attributes
/// ```
///
/// @param descriptorOffset where "TDVF" stands in the image
/// @param sections in the image's order
public record TdvfImage(long descriptorOffset, List<TdvfSection> sections) {
    private static final UUID FOOTER = UUID.fromString("96b582de-1fb2-45f7-baea-a366c55a082d");
    private static final UUID METADATA = UUID.fromString("e47a6535-984a-4798-865e-4685a7bf8ec2");
    private static final ValueLayout.OfShort U16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt U32 = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong U64 = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int GUID = 16;
    private static final int ENTRY = GUID + 2;
    private static final int FOOTER_FROM_END = 48;
    private static final int HEADER = 16;
    private static final int SECTION = 32;
    private static final int SIGNATURE = 0x46564454;
    private static final int LAST_TYPE = 4;
    private static final long PAGE = 0x1000;
    private static final long GPA_LIMIT = 1L << 47;

    /// Copies the list.
    public TdvfImage {
        sections = List.copyOf(sections);
    }

    /// Reads the metadata.
    ///
    /// @throws IllegalArgumentException naming the field, its value and what is legal
    public static TdvfImage parse(MemorySegment image) {
        long descriptor = descriptor(image);
        int signature = image.get(U32, descriptor);
        check(signature == SIGNATURE, "signature", Integer.toUnsignedLong(signature), "\"TDVF\" = 0x46564454");
        long length = u32(image, descriptor + 4);
        long version = u32(image, descriptor + 8);
        long count = u32(image, descriptor + 12);
        check(version == 1, "version", version, "1");
        check(count >= 1 && count <= (image.byteSize() - descriptor - HEADER) / SECTION, "section count", count,
                "1 to " + (image.byteSize() - descriptor - HEADER) / SECTION + ", what fits behind the descriptor");
        check(length == HEADER + count * SECTION, "length", length, "0x" + Long.toHexString(HEADER + count * SECTION));
        List<TdvfSection> sections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sections.add(section(image, descriptor + HEADER + (long) i * SECTION, i));
        }
        checkDisjoint(sections);
        return new TdvfImage(descriptor, sections);
    }

    private static long descriptor(MemorySegment image) {
        long size = image.byteSize();
        check(size >= FOOTER_FROM_END + ENTRY, "size", size, "at least " + (FOOTER_FROM_END + ENTRY) + " bytes");
        long footer = size - FOOTER_FROM_END;
        check(guid(image, footer).equals(FOOTER), "GUID at end - 48", image.get(U64, footer),
                "the table footer " + FOOTER);
        long tableLength = Short.toUnsignedLong(image.get(U16, footer - 2));
        check(tableLength >= ENTRY && tableLength <= footer + GUID, "table length", tableLength,
                ENTRY + " to " + (footer + GUID));
        long start = footer + GUID - tableLength;
        for (long end = footer - 2; end > start;) {
            check(end - start >= ENTRY, "end of a table entry", end, "at least " + (start + ENTRY));
            long length = Short.toUnsignedLong(image.get(U16, end - ENTRY));
            check(length >= ENTRY && length <= end - start, "length of the table entry that ends at 0x"
                    + Long.toHexString(end), length, ENTRY + " to " + (end - start));
            if (guid(image, end - GUID).equals(METADATA)) {
                check(length == ENTRY + Integer.BYTES, "length of the metadata entry", length, "22");
                long offset = u32(image, end - length);
                check(offset >= HEADER && offset <= size, "metadata offset", offset, HEADER + " to " + size);
                return size - offset;
            }
            end -= length;
        }
        throw new IllegalArgumentException("the image has no TDVF metadata: its GUIDed table has no entry " + METADATA);
    }

    private static TdvfSection section(MemorySegment image, long at, int index) {
        TdvfSection section = new TdvfSection(u32(image, at), u32(image, at + 4), image.get(U64, at + 8),
                image.get(U64, at + 16), u32(image, at + 24), u32(image, at + 28));
        String name = "section " + index + " ";
        check(section.type() <= LAST_TYPE, name + "type", section.type(), "0 to 4");
        check((section.attributes() & ~(TdvfSection.EXTEND | TdvfSection.AUG)) == 0, name + "attributes",
                section.attributes(), "a sum of 1 and 2");
        check(section.dataOffset() + section.rawSize() <= image.byteSize(), name + "data end",
                section.dataOffset() + section.rawSize(),
                "at most the image's size, 0x" + Long.toHexString(image.byteSize()));
        check(section.address() >= 0 && section.address() % PAGE == 0 && section.address() < GPA_LIMIT,
                name + "memory address", section.address(), "a multiple of 0x1000 below 2^47");
        check(section.memorySize() > 0 && section.memorySize() % PAGE == 0
                && section.memorySize() <= GPA_LIMIT - section.address(), name + "memory size", section.memorySize(),
                "a positive multiple of 0x1000 that ends below 2^47");
        check(section.rawSize() % PAGE == 0, name + "raw size", section.rawSize(), "a multiple of 0x1000");
        check(section.rawSize() <= section.memorySize(), name + "raw size", section.rawSize(),
                "at most its memory size, 0x" + Long.toHexString(section.memorySize()));
        return section;
    }

    private static void checkDisjoint(List<TdvfSection> sections) {
        for (int i = 0; i < sections.size(); i++) {
            for (int j = 0; j < i; j++) {
                TdvfSection one = sections.get(i);
                TdvfSection other = sections.get(j);
                boolean overlap = one.address() < other.address() + other.memorySize()
                        && other.address() < one.address() + one.memorySize();
                check(!overlap, "section " + i + " memory address", one.address(),
                        "an address that section " + j + " does not cover");
            }
        }
    }

    private static long u32(MemorySegment image, long at) {
        return Integer.toUnsignedLong(image.get(U32, at));
    }

    private static UUID guid(MemorySegment image, long at) {
        long high = Integer.toUnsignedLong(image.get(U32, at)) << 32
                | Short.toUnsignedLong(image.get(U16, at + 4)) << 16 | Short.toUnsignedLong(image.get(U16, at + 6));
        return new UUID(high, Long.reverseBytes(image.get(U64, at + 8)));
    }

    private static void check(boolean holds, String field, long value, String legal) {
        if (!holds) {
            throw new IllegalArgumentException(
                    "TDVF metadata: " + field + " is 0x" + Long.toHexString(value) + ", legal is "
                            + legal);
        }
    }
}
