package org.enclosure.snp.launch;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Builds firmware images, also wrong ones.
final class FirmwareBuilder {
    static final String METADATA = "dc886566-984a-4798-a75e-5585a7bf67cc";
    static final String RESET_BLOCK = "00f771de-1a7e-4fcb-890e-68c77e2fb44e";
    static final String HASHES = "7255371f-3a3b-4b04-927b-1da6efa8d454";

    private static final String FOOTER = "96b582de-1fb2-45f7-baea-a366c55a082d";
    private static final int METADATA_AT = 512;

    private final ByteBuffer image;
    private final int footer;
    private int at;

    FirmwareBuilder(int size) {
        image = ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
        footer = size - 32 - 18;
        at = footer;
    }

    /// Adds an entry below the others.
    FirmwareBuilder entry(String guid, int... data) {
        return entry(guid, 18 + 4 * data.length, data);
    }

    /// The same with a length that may be wrong.
    FirmwareBuilder entry(String guid, int length, int[] data) {
        image.put(at - 16, Guid.bytes(guid)).putShort(at - 18, (short) length);
        at -= 18 + 4 * data.length;
        for (int i = 0; i < data.length; i++) {
            image.putInt(at + 4 * i, data[i]);
        }
        return this;
    }

    /// Adds metadata with sections of gpa, size and type each.
    FirmwareBuilder sections(int... sections) {
        return metadata("ASEV", 16 + 4 * sections.length, 1, sections.length / 3, sections);
    }

    /// The same with a header that may be wrong.
    FirmwareBuilder metadata(String signature, int size, int version, int count, int... sections) {
        int start = METADATA_AT;
        for (int i = 0; i < 4; i++) {
            image.put(start + i, (byte) signature.charAt(i));
        }
        image.putInt(start + 4, size).putInt(start + 8, version).putInt(start + 12, count);
        for (int i = 0; i < sections.length; i++) {
            image.putInt(start + 16 + 4 * i, sections[i]);
        }
        return entry(METADATA, image.capacity() - start);
    }

    FirmwareBuilder resetBlock() {
        return entry(RESET_BLOCK, 0x80b004);
    }

    FirmwareBuilder hashes(int gpa, int size) {
        return entry(HASHES, gpa, size);
    }

    MemorySegment build() {
        return build(footer + 18 - at);
    }

    /// Builds it with a length of the table that may be wrong.
    MemorySegment build(int tableLength) {
        image.put(footer + 2, Guid.bytes(FOOTER)).putShort(footer, (short) tableLength);
        return MemorySegment.ofArray(Arrays.copyOf(image.array(), image.capacity()));
    }
}
