package org.enclosure.snp.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;

/// Hashes files that may be larger than the heap.
final class FileHash {
    private static final int CHUNK = 1 << 16;

    private FileHash() {
    }

    static byte[] sha256(Path path) throws IOException {
        MessageDigest digest = Sha.sha256();
        byte[] chunk = new byte[CHUNK];
        try (InputStream in = Files.newInputStream(path)) {
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                digest.update(chunk, 0, n);
            }
        }
        return digest.digest();
    }
}
