package org.enclosure.testarch.launch;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import org.enclosure.api.Paging;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchResult;

/// The launch digest as this architecture defines it: a chain, so that the order counts.
///
/// ```
/// digest 0      32 zero bytes
/// digest n + 1  SHA-256( digest n | gpa (8 bytes, little-endian) | flags (8, little-endian) | SHA-256(content) )
/// ```
final class Measurement {
    private static final String ALGORITHM = "SHA-256";

    private final List<String> lines = new ArrayList<>();
    private byte[] digest = new byte[32];

    void extend(LaunchItem item, byte[] content) {
        long gpa = item.gfn() << Paging.PAGE_SHIFT;
        byte[] hash = sha256(content);
        ByteBuffer step = ByteBuffer.allocate(2 * digest.length + 2 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        digest = sha256(step.put(digest).putLong(gpa).putLong(item.flags()).put(hash).array());
        lines.add("page gpa=0x" + Long.toHexString(gpa) + " flags=" + item.flags() + " sha256="
                + HexFormat.of().formatHex(hash));
    }

    LaunchResult result() {
        return new LaunchResult(ALGORITHM, HexFormat.of().formatHex(digest), true, lines);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance(ALGORITHM).digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has " + ALGORITHM, impossible);
        }
    }
}
