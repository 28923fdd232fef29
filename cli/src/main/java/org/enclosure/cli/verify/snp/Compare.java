package org.enclosure.cli.verify.snp;

import java.util.Arrays;
import java.util.HexFormat;

import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Numbers;

/// Compares what is expected with what came; of long bytes the first difference is shown.
final class Compare {
    private static final int SHORT = 64;

    private Compare() {
    }

    /// @param place where, for messages; may be empty
    /// @throws CaseFailure if they differ
    static void bytes(String place, String output, byte[] expected, byte[] actual) {
        int at = Arrays.mismatch(expected, actual);
        if (at < 0) {
            return;
        }
        boolean whole = expected.length <= SHORT && actual.length <= SHORT;
        String name = whole ? output : output + " at offset 0x" + Integer.toHexString(at);
        throw CaseFailure.difference(place, name, show(expected, whole ? 0 : at), show(actual, whole ? 0 : at));
    }

    /// @throws CaseFailure if they differ
    static void number(String place, String output, long expected, long actual) {
        text(place, output, Numbers.show(expected), Numbers.show(actual));
    }

    /// @throws CaseFailure if they differ
    static void text(String place, String output, String expected, String actual) {
        if (!expected.equals(actual)) {
            throw CaseFailure.difference(place, output, expected, actual);
        }
    }

    private static String show(byte[] bytes, int from) {
        int end = Math.min(bytes.length, from + SHORT);
        return from >= end ? "(end)" : HexFormat.of().formatHex(bytes, from, end);
    }
}
