package org.enclosure.cca.machine;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

import org.enclosure.cca.wire.RealmParams;
import org.enclosure.cca.wire.RecParams;

/// The realm initial measurement, step by step (RMM specification 1.0, A7.1.1). Each step hashes a descriptor that begins with
/// the measurement so far; a digest shorter than 64 bytes stands in it padded with zeroes.
///
/// ```
/// 0x00 type (0 DATA, 1 REC, 2 RIPAS)   0x08 length 0x100   0x10 measurement so far
/// DATA    0x50 ipa    0x58 flags   0x60 digest of the content, if flags bit 0
/// REC     0x50 digest of the parameters
/// RIPAS   0x50 base   0x58 top
/// ```
public final class Rim {
    /// Bytes that a measurement takes up, whatever its algorithm.
    public static final int BYTES = Rd.MEASUREMENT_BYTES;

    private static final int DESCRIPTOR_BYTES = 0x100;
    private static final int TYPE_DATA = 0;
    private static final int TYPE_REC = 1;
    private static final int TYPE_RIPAS = 2;
    private static final int LENGTH = 0x8;
    private static final int MEASUREMENT = 0x10;
    private static final int FIRST = 0x50;
    private static final int SECOND = 0x58;
    private static final int CONTENT = 0x60;

    private final MessageDigest digest;
    private byte[] value = new byte[BYTES];

    /// Starts with zeroes.
    ///
    /// @param hash an algorithm of [RealmParams]
    public Rim(int hash) {
        digest = digest(hash);
    }

    /// The function of an algorithm.
    public static MessageDigest digest(int hash) {
        try {
            return MessageDigest.getInstance(name(hash));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has " + name(hash), impossible);
        }
    }

    /// The name of an algorithm.
    public static String name(int hash) {
        return hash == RealmParams.SHA_256 ? "SHA-256" : "SHA-512";
    }

    /// Bytes of the algorithm's digests.
    public static int length(int hash) {
        return hash == RealmParams.SHA_256 ? 32 : 64;
    }

    /// The measurement, padded to [#BYTES].
    public byte[] value() {
        return value.clone();
    }

    /// Goes on from a measurement.
    public void value(byte[] padded) {
        value = padded.clone();
    }

    /// REALM_CREATE: the parameters that describe the realm, without those that only say where it lies.
    public void realm(long flags, int s2sz, int sveVl, int numBps, int numWps, int pmuCounters, int hash) {
        ByteBuffer page = buffer((int) Granules.SIZE);
        page.putLong(RealmParams.FLAGS, flags).putInt(RealmParams.S2SZ, s2sz).putInt(RealmParams.SVE_VL, sveVl)
                .putInt(RealmParams.NUM_BPS, numBps).putInt(RealmParams.NUM_WPS, numWps)
                .putInt(RealmParams.PMU_NUM_CTRS, pmuCounters)
                .put(RealmParams.HASH, (byte) hash);
        value = padded(page);
    }

    /// DATA_CREATE: a page.
    ///
    /// @param content its bytes; measured only if flags say so
    public void data(long ipa, long flags, byte[] content) {
        ByteBuffer descriptor = descriptor(TYPE_DATA);
        descriptor.putLong(FIRST, ipa).putLong(SECOND, flags);
        if ((flags & 1) != 0) {
            descriptor.put(CONTENT, padded(content));
        }
        value = padded(descriptor);
    }

    /// REC_CREATE of a runnable REC.
    public void rec(long flags, long pc, long[] gprs) {
        ByteBuffer page = buffer((int) Granules.SIZE);
        page.putLong(RecParams.FLAGS, flags).putLong(RecParams.PC, pc);
        for (int i = 0; i < RecParams.NUM_GPRS; i++) {
            page.putLong(RecParams.GPRS + i * Long.BYTES, gprs[i]);
        }
        byte[] parameters = padded(page);
        value = padded(descriptor(TYPE_REC).put(FIRST, parameters));
    }

    /// RTT_INIT_RIPAS: one entry that it passed.
    public void ripas(long base, long top) {
        value = padded(descriptor(TYPE_RIPAS).putLong(FIRST, base).putLong(SECOND, top));
    }

    private ByteBuffer descriptor(int type) {
        ByteBuffer descriptor = buffer(DESCRIPTOR_BYTES);
        descriptor.put(0, (byte) type).putLong(LENGTH, DESCRIPTOR_BYTES).put(MEASUREMENT, value);
        return descriptor;
    }

    private byte[] padded(ByteBuffer buffer) {
        byte[] bytes = new byte[buffer.capacity()];
        buffer.get(0, bytes);
        return padded(bytes);
    }

    private byte[] padded(byte[] bytes) {
        return Arrays.copyOf(digest.digest(bytes), BYTES);
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
