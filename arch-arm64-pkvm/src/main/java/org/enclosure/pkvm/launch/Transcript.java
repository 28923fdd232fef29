package org.enclosure.pkvm.launch;

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

/// What was loaded, as a digest. pKVM has no architectural measurement: a guest firmware that the host's bootloader vouches for
/// checks the payload. So this is a transcript of Enclosure's own, and says so.
///
/// ```
/// digest 0      32 zero bytes
/// digest n + 1  SHA-256( digest n | gpa (8 bytes, little-endian) | SHA-256(content of the page) )
/// ```
final class Transcript {
    private static final String ALGORITHM = "SHA-256";

    private final List<String> lines = new ArrayList<>();
    private byte[] digest = new byte[32];

    void extend(LaunchItem item, byte[] content) {
        long gpa = item.gfn() << Paging.PAGE_SHIFT;
        byte[] hash = sha256(content);
        ByteBuffer step = ByteBuffer.allocate(2 * digest.length + Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        digest = sha256(step.put(digest).putLong(gpa).put(hash).array());
        lines.add("page gpa=0x" + Long.toHexString(gpa) + " sha256=" + HexFormat.of().formatHex(hash));
    }

    LaunchResult result() {
        return new LaunchResult(ALGORITHM, HexFormat.of().formatHex(digest), false, lines);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance(ALGORITHM).digest(bytes);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has " + ALGORITHM, impossible);
        }
    }
}
