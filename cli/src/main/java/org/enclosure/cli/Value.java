package org.enclosure.cli;

import java.math.BigInteger;
import java.util.HexFormat;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// A value as it was written: an integer, or a text that is a number, bytes or a status name, depending on where it stands.
///
/// @param text the text; an integer in decimal
/// @param quoted whether it was a text in the file
public record Value(String text, boolean quoted) {
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,40}");
    private static final Pattern HEX = Pattern.compile("0[xX][0-9a-fA-F]{1,40}");
    private static final Pattern BYTES = Pattern.compile("(0[xX])?([0-9a-fA-F]{2})*");

    /// The value of a node.
    ///
    /// @param place what to call it in messages
    /// @throws UnusableInput if it is neither an integer nor a text
    public static Value of(String place, JsonNode node) {
        if (node.isIntegralNumber()) {
            return new Value(node.bigIntegerValue().toString(), false);
        }
        if (node.isString()) {
            return new Value(node.stringValue(), true);
        }
        throw new UnusableInput(place + " is neither an integer nor a text");
    }

    /// The register pattern of the number that it is.
    ///
    /// @throws UnusableInput if it is no number from -2^63 to 2^64 - 1
    public long pattern(String place) {
        BigInteger number = number();
        if (number == null || number.bitLength() > (number.signum() < 0 ? 63 : 64)) {
            throw new UnusableInput(
                    place + " " + Escape.quote(text) + " is not a number of 64 bits, decimal or 0x");
        }
        return number.longValue();
    }

    /// The number that it is, or null if it is none.
    public @Nullable BigInteger number() {
        if (HEX.matcher(text).matches()) {
            return new BigInteger(text.substring(2), 16);
        }
        return DECIMAL.matcher(text).matches() ? new BigInteger(text) : null;
    }

    /// The bytes that it is, or null if it is none: a quoted text of hex digits, two a byte.
    public byte @Nullable [] bytes() {
        if (!quoted || !BYTES.matcher(text).matches()) {
            return null;
        }
        boolean prefixed = text.startsWith("0x") || text.startsWith("0X");
        return HexFormat.of().parseHex(prefixed ? text.substring(2) : text);
    }
}
