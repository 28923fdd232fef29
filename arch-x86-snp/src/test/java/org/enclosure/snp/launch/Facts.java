package org.enclosure.snp.launch;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/// Reads the tables of recorded launches.
final class Facts {
    private Facts() {
    }

    /// The rows of a table, without its heading.
    static List<String[]> rows(String name) {
        try (InputStream in = Facts.class.getResourceAsStream("/launch/" + name)) {
            if (in == null) {
                throw new AssertionError("no table " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().skip(1)
                    .map(line -> line.split("\\|", -1)).toList();
        } catch (IOException e) {
            throw new AssertionError("table " + name + " cannot be read", e);
        }
    }

    /// The bytes that a cell describes; empty for an empty one.
    static byte[] bytes(String cell) {
        String[] words = cell.split(" ", -1);
        return switch (words[0]) {
            case "" -> new byte[0];
            case "fill" -> filled(number(words[2]), number(words[1]));
            case "counter" -> counter(number(words[1]), number(words[2]), number(words[3]));
            case "repeat" -> repeated(hex(words[1]), number(words[2]));
            case "base64" -> Base64.getDecoder().decode(words[1]);
            case "sparse" -> sparse(words);
            default -> throw new AssertionError("no data: " + cell);
        };
    }

    static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }

    static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    static long number64(String text) {
        return text.isEmpty() ? 0 : Long.decode(text);
    }

    static int number(String text) {
        return (int) number64(text);
    }

    private static byte[] filled(int length, int value) {
        byte[] bytes = new byte[length];
        Arrays.fill(bytes, (byte) value);
        return bytes;
    }

    private static byte[] counter(int start, int step, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (start + i * step);
        }
        return bytes;
    }

    private static byte[] repeated(byte[] piece, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = piece[i % piece.length];
        }
        return bytes;
    }

    private static byte[] sparse(String[] words) {
        byte[] bytes = filled(number(words[2]), number(words[1]));
        for (int i = 3; i < words.length; i++) {
            String[] patch = words[i].split("=", -1);
            byte[] piece = hex(patch[1]);
            System.arraycopy(piece, 0, bytes, number(patch[0]), piece.length);
        }
        return bytes;
    }
}
