package org.enclosure.tdx.launch;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/// Builds TDVF images for tests: 16 KiB with a descriptor at 0x3000 and the GUIDed table before the last 32 bytes.
final class TdvfImages {
    static final int BYTES = 0x4000;
    static final int DESCRIPTOR = 0x3000;
    static final int SECTION = DESCRIPTOR + 16;
    private static final int FOOTER = BYTES - 48;
    private static final int ENTRY = FOOTER - 2;

    private final ByteBuffer image = ByteBuffer.allocate(BYTES).order(ByteOrder.LITTLE_ENDIAN);

    /// An image with two sections: one of firmware that is measured, one of memory that is zero.
    static TdvfImages legal() {
        TdvfImages images = new TdvfImages();
        for (int i = 0; i < DESCRIPTOR; i++) {
            images.image.put(i, (byte) (i * 7 + (i >> 12)));
        }
        images.guid(FOOTER, "96b582de-1fb2-45f7-baea-a366c55a082d");
        images.image.putShort(FOOTER - 2, (short) (18 + 22));
        images.guid(ENTRY - 16, "e47a6535-984a-4798-865e-4685a7bf8ec2");
        images.image.putShort(ENTRY - 18, (short) 22);
        images.image.putInt(ENTRY - 22, BYTES - DESCRIPTOR);
        images.image.putInt(DESCRIPTOR, 0x46564454).putInt(DESCRIPTOR + 4, 16 + 2 * 32).putInt(DESCRIPTOR + 8, 1)
                .putInt(DESCRIPTOR + 12, 2);
        images.section(0, 0x1000, 0x2000, 0xffffe000L, 0x2000, 0, 1);
        images.section(1, 0, 0, 0x80_0000, 0x3000, 3, 0);
        return images;
    }

    TdvfImages section(int index, int offset, int raw, long address, long bytes, int type, int attributes) {
        int at = SECTION + 32 * index;
        image.putInt(at, offset).putInt(at + 4, raw).putLong(at + 8, address).putLong(at + 16, bytes)
                .putInt(at + 24, type).putInt(at + 28, attributes);
        return this;
    }

    TdvfImages with(int offset, int value) {
        image.putInt(offset, value);
        return this;
    }

    /// The length field of the metadata entry.
    static int entryLength() {
        return ENTRY - 18;
    }

    /// The length field of the whole table.
    static int tableLength() {
        return FOOTER - 2;
    }

    /// The offset field of the metadata entry.
    static int metadataOffset() {
        return ENTRY - 22;
    }

    TdvfImages withShort(int offset, int value) {
        image.putShort(offset, (short) value);
        return this;
    }

    MemorySegment segment() {
        return MemorySegment.ofArray(image.array());
    }

    private void guid(int at, String text) {
        java.util.UUID guid = java.util.UUID.fromString(text);
        long high = guid.getMostSignificantBits();
        image.putInt(at, (int) (high >>> 32)).putShort(at + 4, (short) (high >>> 16)).putShort(at + 6, (short) high)
                .putLong(at + 8, Long.reverseBytes(guid.getLeastSignificantBits()));
    }
}
