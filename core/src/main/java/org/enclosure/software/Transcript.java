package org.enclosure.software;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import org.enclosure.api.Paging;
import org.enclosure.spi.LaunchResult;

/// The SHA-256 over everything that a launch loaded. It is no measurement of any hardware and says so.
///
/// ```
/// per page:  gpa (8 bytes, little-endian) | length (8 bytes, little-endian) | content (4096 bytes)
/// ```
final class Transcript {
    private static final String ALGORITHM = "SHA-256";

    private final MessageDigest digest = sha256();
    private final List<String> lines = new ArrayList<>();

    /// Adds one page of content.
    void page(long gfn, byte[] content) {
        long gpa = gfn << Paging.PAGE_SHIFT;
        digest.update(ByteBuffer.allocate(2 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN).putLong(gpa)
                .putLong(content.length).array());
        digest.update(content);
        String hash = HexFormat.of().formatHex(sha256().digest(content));
        lines.add("page gpa=0x" + Long.toHexString(gpa) + " length=" + content.length + " sha256=" + hash);
    }

    /// The digest of what was added; the transcript starts afresh.
    LaunchResult result() {
        return new LaunchResult(ALGORITHM, HexFormat.of().formatHex(digest.digest()), false, lines);
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance(ALGORITHM);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has " + ALGORITHM, impossible);
        }
    }
}
