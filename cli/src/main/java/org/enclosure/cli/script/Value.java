package org.enclosure.cli.script;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/// A value as it was written: an integer, or a text that is a number, bytes or a status name, depending on where it stands.
///
/// @param text the text; an integer in decimal
/// @param quoted whether it was a text in the file
public record Value(String text, boolean quoted) {
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,40}");
    private static final Pattern HEX = Pattern.compile("0[xX][0-9a-fA-F]{1,40}");
    private static final Pattern BYTES = Pattern.compile("(0[xX])?([0-9a-fA-F]{2})*");

    /// The number that it is, or null if it is none.
    @Nullable
    BigInteger number() {
        if (HEX.matcher(text).matches()) {
            return new BigInteger(text.substring(2), 16);
        }
        return DECIMAL.matcher(text).matches() ? new BigInteger(text) : null;
    }

    /// The bytes that it is, or null if it is none: a quoted text of hex digits, two a byte.
    byte @Nullable [] bytes() {
        if (!quoted || !BYTES.matcher(text).matches()) {
            return null;
        }
        boolean prefixed = text.startsWith("0x") || text.startsWith("0X");
        return HexFormat.of().parseHex(prefixed ? text.substring(2) : text);
    }
}
