package org.enclosure.examples.guest;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

import org.enclosure.api.Paging;
import org.jspecify.annotations.Nullable;

/// The first page of the built-in image. All numbers are little-endian.
///
/// ```
///  0                8             16            48                    4096
///  +----------------+-------------+-------------+----------------------+
///  | magic          | image bytes | SHA-256 of  | zero                 | body ...
///  | "ENCLOSUR"     |             | the body    |                      |
///  +----------------+-------------+-------------+----------------------+
/// ```
final class ImageHeader {
    /// The bytes "ENCLOSUR" as a little-endian word.
    private static final long MAGIC = 0x5255_534f_4c43_4e45L;

    private final long imageBytes;
    private final byte[] bodyDigest;

    private ImageHeader(long imageBytes, byte[] bodyDigest) {
        this.imageBytes = imageBytes;
        this.bodyDigest = bodyDigest;
    }

    /// Reads the header from an image's first page; null if the image has none.
    static @Nullable ImageHeader read(byte[] page) {
        ByteBuffer buffer = ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN);
        if (buffer.getLong() != MAGIC) {
            return null;
        }
        long imageBytes = buffer.getLong();
        byte[] digest = new byte[Digests.BYTES];
        buffer.get(digest);
        return new ImageHeader(imageBytes, digest);
    }

    /// The first page of an image with this body.
    static byte[] page(byte[] body) {
        return ByteBuffer.allocate((int) Paging.PAGE_SIZE).order(ByteOrder.LITTLE_ENDIAN).putLong(MAGIC)
                .putLong(Paging.PAGE_SIZE + body.length).put(Digests.sha256().digest(body)).array();
    }

    /// Length of the whole image.
    long imageBytes() {
        return imageBytes;
    }

    /// SHA-256 of everything behind the header's page.
    byte[] bodyDigest() {
        return Arrays.copyOf(bodyDigest, bodyDigest.length);
    }
}
