package org.enclosure.snp.launch;

import java.util.HexFormat;

/// GUIDs as UEFI stores them: the first three groups little-endian.
final class Guid {
    static final int SIZE = 16;

    /// Where the bytes of the one form lie in the other; the same both ways.
    private static final int[] ORDER = {3, 2, 1, 0, 5, 4, 7, 6, 8, 9, 10, 11, 12, 13, 14, 15};
    private static final int[] GROUPS = {8, 13, 18, 23};

    private Guid() {
    }

    /// The 16 bytes of a GUID.
    ///
    /// @param text in the usual form, groups of 8, 4, 4, 4 and 12 lower-case digits
    static byte[] bytes(String text) {
        return swapped(HexFormat.of().parseHex(text.replace("-", "")));
    }

    /// The usual form of 16 bytes.
    static String text(byte[] bytes) {
        StringBuilder text = new StringBuilder(HexFormat.of().formatHex(swapped(bytes)));
        for (int hyphen : GROUPS) {
            text.insert(hyphen, '-');
        }
        return text.toString();
    }

    private static byte[] swapped(byte[] bytes) {
        byte[] other = new byte[SIZE];
        for (int i = 0; i < SIZE; i++) {
            other[i] = bytes[ORDER[i]];
        }
        return other;
    }
}
