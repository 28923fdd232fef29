package org.enclosure.snp.launch;

import java.lang.foreign.MemorySegment;
import java.security.DigestException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.stream.IntStream;

import org.enclosure.api.Paging;

/// The SHA-384 of every page of an image. Only the chain over them has an order, so they are taken on all processors.
final class PageHashes {
    private static final int SIZE = LaunchDigest.SIZE;
    private static final int CHUNK = 32;
    /// Stands for the threads of the common pool, when the image says who may read it.
    private static final Thread ANOTHER = Thread.ofPlatform().unstarted(() -> {
    });

    private final MemorySegment image;
    private final byte[] hashes;

    /// Hashes an image of whole pages.
    PageHashes(MemorySegment image) {
        this.image = image;
        int pages = (int) (image.byteSize() >>> Paging.PAGE_SHIFT);
        hashes = new byte[pages * SIZE];
        IntStream chunks = IntStream.rangeClosed(0, (pages - 1) / CHUNK);
        (image.isAccessibleBy(ANOTHER) ? chunks.parallel() : chunks)
                .forEach(chunk -> hash(chunk * CHUNK, Math.min(pages, (chunk + 1) * CHUNK)));
    }

    /// The hash of the page at an offset in the image.
    byte[] at(long offset) {
        int page = (int) (offset >>> Paging.PAGE_SHIFT);
        return Arrays.copyOfRange(hashes, page * SIZE, (page + 1) * SIZE);
    }

    private void hash(int from, int to) {
        MessageDigest sha384 = Sha.sha384();
        byte[] page = new byte[(int) Paging.PAGE_SIZE];
        MemorySegment copy = MemorySegment.ofArray(page);
        for (int i = from; i < to; i++) {
            MemorySegment.copy(image, (long) i << Paging.PAGE_SHIFT, copy, 0, Paging.PAGE_SIZE);
            sha384.update(page);
            try {
                sha384.digest(hashes, i * SIZE, SIZE);
            } catch (DigestException impossible) {
                throw new AssertionError("SHA-384 has " + SIZE + " bytes", impossible);
            }
        }
    }
}
