package org.enclosure.cli.verify.tdx;

import java.util.HexFormat;

import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Numbers;

/// Comparisons.
final class Differences {
    private Differences() {
    }

    static void check(String place, String output, long expected, long actual) {
        if (expected != actual) {
            throw CaseFailure.difference(place, output, Numbers.show(expected), Numbers.show(actual));
        }
    }

    static void check(String place, String output, String expected, String actual) {
        if (!expected.equals(actual)) {
            throw CaseFailure.difference(place, output, expected, actual);
        }
    }

    /// Compares the digest that a member holds.
    static void digest(String place, Fields fields, String name, byte[] actual) {
        check(place, name, HexFormat.of().formatHex(fields.bytes(name)), HexFormat.of().formatHex(actual));
    }
}
