package org.enclosure.examples;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.HexFormat;

import org.enclosure.api.Paging;
import org.enclosure.examples.guest.BuiltInImage;
import org.enclosure.examples.guest.Digests;
import org.enclosure.examples.guest.MemoryMap;

/// The image that a run launches.
///
/// @param bytes its bytes
/// @param digest their SHA-256 in lower-case hex
record GuestImage(MemorySegment bytes, String digest) {
    private static final long CHUNK = 1L << 20;

    /// The image that the options ask for.
    ///
    /// @throws UnusableInputException if a file cannot be used
    static GuestImage of(RunOptions options) {
        Path file = options.image();
        return file == null ? of(MemorySegment.ofArray(BuiltInImage.bytes()).asReadOnly())
                : of(map(file, options.memoryBytes()));
    }

    private static GuestImage of(MemorySegment bytes) {
        MessageDigest digest = Digests.sha256();
        for (long offset = 0; offset < bytes.byteSize(); offset += CHUNK) {
            digest.update(bytes.asSlice(offset, Math.min(CHUNK, bytes.byteSize() - offset)).asByteBuffer());
        }
        return new GuestImage(bytes, HexFormat.of().formatHex(digest.digest()));
    }

    private static MemorySegment map(Path file, long memoryBytes) {
        checkKind(file);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            checkSize(file, channel.size(), memoryBytes);
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, channel.size(), Arena.ofAuto());
        } catch (IOException e) {
            throw new UnusableInputException("image " + file + " cannot be read: " + e.getMessage(), e);
        }
    }

    private static void checkKind(Path file) {
        if (!Files.exists(file)) {
            throw new UnusableInputException("image " + file + " does not exist");
        }
        if (Files.isDirectory(file)) {
            throw new UnusableInputException("image " + file + " is a directory; a file is needed");
        }
        if (!Files.isRegularFile(file)) {
            throw new UnusableInputException("image " + file + " is not a regular file");
        }
        if (!Files.isReadable(file)) {
            throw new UnusableInputException("image " + file + " cannot be read: no permission");
        }
    }

    private static void checkSize(Path file, long bytes, long memoryBytes) {
        if (bytes == 0) {
            throw new UnusableInputException("image " + file + " is empty");
        }
        if (!Paging.isPageAligned(bytes)) {
            throw new UnusableInputException(
                    "image " + file + " has " + bytes + " bytes, which is not a multiple of 4096");
        }
        if (bytes > MemoryMap.imageLimit(memoryBytes)) {
            throw new UnusableInputException(
                    "image " + file + " has " + bytes + " bytes and does not fit into guest memory of " + memoryBytes
                            + " bytes beside the " + MemoryMap.WORK_BYTES + " that the guest works in; at most "
                            + MemoryMap.imageLimit(memoryBytes) + " fit");
        }
    }
}
