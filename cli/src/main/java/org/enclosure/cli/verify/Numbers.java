package org.enclosure.cli.verify;

import java.math.BigInteger;
import java.util.regex.Pattern;

import tools.jackson.databind.JsonNode;

/// Numbers as vector files write them.
public final class Numbers {
    private static final Pattern DECIMAL = Pattern.compile("-?[0-9]{1,20}");
    private static final Pattern HEX = Pattern.compile("0[xX][0-9a-fA-F]{1,16}");

    private Numbers() {
    }

    /// The register pattern of a number: an integer, or a text in decimal or `0x` form, from -2^63 to 2^64 - 1.
    ///
    /// @param name what to call it in messages
    /// @throws CaseFailure if it is none
    public static long parse(String name, JsonNode node) {
        if (node.isIntegralNumber()) {
            return narrow(name, node.bigIntegerValue());
        }
        if (node.isString()) {
            return parse(name, node.stringValue());
        }
        throw new CaseFailure("'" + name + "' is not a number");
    }

    /// The register pattern of a number's text.
    ///
    /// @throws CaseFailure if it is none
    public static long parse(String name, String text) {
        if (HEX.matcher(text).matches()) {
            return Long.parseUnsignedLong(text, 2, text.length(), 16);
        }
        if (DECIMAL.matcher(text).matches()) {
            return narrow(name, new BigInteger(text));
        }
        throw new CaseFailure("'" + name + "' " + text + " is not a number");
    }

    /// A number as it is shown.
    public static String show(long value) {
        return "0x" + Long.toHexString(value);
    }

    private static long narrow(String name, BigInteger number) {
        boolean fits = number.signum() >= 0 ? number.bitLength() <= 64 : number.bitLength() < 64;
        if (!fits) {
            throw new CaseFailure("'" + name + "' " + number + " is wider than 64 bits");
        }
        return number.longValue();
    }
}
