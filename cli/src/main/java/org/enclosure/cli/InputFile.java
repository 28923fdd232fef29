package org.enclosure.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/// A file that the user named.
public final class InputFile {
    private static final int LIMIT = 64 << 20;

    private InputFile() {
    }

    /// The path that a text means.
    ///
    /// @param what the name of the value in messages
    /// @throws UnusableInput if it means none
    public static Path path(String what, String text) {
        if (text.isEmpty()) {
            throw new UnusableInput(what + " '' is no file name");
        }
        try {
            return Path.of(text);
        } catch (InvalidPathException e) {
            throw new UnusableInput(
                    what + " " + Escape.quote(text) + " is not a path: " + Escape.visible(e.getReason()), e);
        }
    }

    /// The whole text of a file.
    ///
    /// @throws UnusableInput if there is none, it cannot be read, is larger than 64M, or is not UTF-8
    public static String text(String what, Path file) {
        String name = what + " " + Escape.quote(file.toString());
        if (!Files.exists(file)) {
            throw new UnusableInput(name + " does not exist");
        }
        if (Files.isDirectory(file)) {
            throw new UnusableInput(name + " is a directory");
        }
        byte[] bytes = read(name, file);
        if (bytes.length > LIMIT) {
            throw new UnusableInput(name + " is larger than 64M");
        }
        try {
            String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
            return text.startsWith("\ufeff") ? text.substring(1) : text;
        } catch (CharacterCodingException e) {
            throw new UnusableInput(name + " is not UTF-8 text", e);
        }
    }

    // Not by its size: a device or pipe has none.
    private static byte[] read(String name, Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(LIMIT + 1);
        } catch (IOException e) {
            throw new UnusableInput(name + " cannot be read: " + reason(e), e);
        }
    }

    /// Why a file could not be used, without its name: some exceptions say nothing else.
    public static String reason(IOException failure) {
        return switch (failure) {
            case AccessDeniedException _ -> "no permission";
            case NoSuchFileException _ -> "there is no such file or folder";
            case FileSystemException other when other.getReason() != null -> Escape.visible(other.getReason());
            default -> Escape.visible(String.valueOf(failure.getMessage()));
        };
    }
}
