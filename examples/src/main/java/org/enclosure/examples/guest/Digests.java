package org.enclosure.examples.guest;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// SHA-256, which every JDK has.
public final class Digests {
    /// The name of the algorithm.
    public static final String ALGORITHM = "SHA-256";
    /// Length of a digest in bytes.
    public static final int BYTES = 32;

    private Digests() {
    }

    /// A fresh digest.
    public static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance(ALGORITHM);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has " + ALGORITHM, e);
        }
    }
}
