package org.enclosure.snp.launch;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The two hashes of a launch.
final class Sha {
    private Sha() {
    }

    static MessageDigest sha256() {
        return of("SHA-256");
    }

    static MessageDigest sha384() {
        return of("SHA-384");
    }

    private static MessageDigest of(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError("every Java platform has " + algorithm, impossible);
        }
    }
}
