package org.enclosure.cli.measure;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

import org.enclosure.cli.Escape;
import org.enclosure.cli.InputFile;
import org.enclosure.cli.UnusableInput;

/// A firmware file, mapped.
public final class FirmwareFile {
    private static final long PAGE = 4096;
    private static final long LIMIT = 1L << 30;

    private FirmwareFile() {
    }

    /// Maps a file.
    ///
    /// @param option the option that named it, for messages
    /// @throws UnusableInput if it is not there, not a regular file, unreadable, empty, not a multiple of 4096 bytes, or
    ///         larger than 1 GiB
    public static MemorySegment map(String option, String text) {
        Path file = InputFile.path(option, text);
        String name = option + " " + Escape.quote(text);
        if (!Files.exists(file)) {
            throw new UnusableInput(name + " does not exist");
        }
        if (!Files.isRegularFile(file)) {
            throw new UnusableInput(name + " is not a regular file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long bytes = channel.size();
            if (bytes == 0 || bytes % PAGE != 0 || bytes > LIMIT) {
                throw new UnusableInput(
                        name + " has " + bytes + " bytes; legal is a positive multiple of 4096 up to " + LIMIT);
            }
            return channel.map(FileChannel.MapMode.READ_ONLY, 0, bytes, Arena.ofAuto());
        } catch (IOException e) {
            throw new UnusableInput(name + " cannot be read: " + InputFile.reason(e), e);
        }
    }
}
