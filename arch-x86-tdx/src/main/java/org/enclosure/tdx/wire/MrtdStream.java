package org.enclosure.tdx.wire;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/// The build measurement: SHA-384 over one stream of 128-byte blocks, in the order of the calls.
///
/// ```
/// TDH.MEM.PAGE.ADD    "MEM.PAGE.ADD" 0 0 0 0 | GPA (8, little-endian) | zeroes to 128
/// TDH.MR.EXTEND       "MR.EXTEND" 0 ..       | GPA of the chunk (8)   | zeroes to 128 | the chunk's 256 bytes
/// ```
///
/// Not safe for several threads: a TD's leaves that measure hold its page exclusively.
public final class MrtdStream {
    /// Name of the digest.
    public static final String ALGORITHM = "SHA-384";
    /// Bytes that one extension measures.
    public static final int CHUNK = 256;

    private static final int BLOCK = 128;
    private static final int GPA_OFFSET = 16;

    private final MessageDigest digest;
    private final byte[] block = new byte[BLOCK];
    private long bytes;

    /// Starts an empty stream.
    public MrtdStream() {
        try {
            digest = MessageDigest.getInstance(ALGORITHM);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has " + ALGORITHM, impossible);
        }
    }

    /// A page was added.
    public void add(long gpa) {
        header("MEM.PAGE.ADD", gpa);
    }

    /// 256 bytes of content are measured.
    ///
    /// @param offset of the chunk in `content`
    public void extend(long gpa, byte[] content, int offset) {
        header("MR.EXTEND", gpa);
        digest.update(content, offset, CHUNK);
        bytes += CHUNK;
    }

    /// How many bytes were measured.
    public long bytes() {
        return bytes;
    }

    /// The measurement of what was measured up to now; the stream can go on.
    public byte[] digest() {
        try {
            return ((MessageDigest) digest.clone()).digest();
        } catch (CloneNotSupportedException impossible) {
            throw new AssertionError("SHA-384 of the JDK can be cloned", impossible);
        }
    }

    /// [#digest()] in lower-case hex.
    public String hex() {
        return HexFormat.of().formatHex(digest());
    }

    private void header(String name, long gpa) {
        Arrays.fill(block, (byte) 0);
        ByteBuffer.wrap(block).order(ByteOrder.LITTLE_ENDIAN).put(name.getBytes(StandardCharsets.US_ASCII))
                .putLong(GPA_OFFSET, gpa);
        digest.update(block);
        bytes += BLOCK;
    }
}
