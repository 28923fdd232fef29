package org.enclosure.cli;

import java.math.BigInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sizes as people write them: digits and an optional K, M, G or T, powers of 1024.
public final class Sizes {
    private static final Pattern SIZE = Pattern.compile("([0-9]{1,30})([KMGT]?)");
    private static final String UNITS = "KMGT";

    private Sizes() {
    }

    /// The bytes that a text means.
    ///
    /// @param what the name of the value in messages
    /// @param least the smallest legal size, a multiple of 4096
    /// @param most the largest legal size, a multiple of 4096
    /// @throws UnusableInput if the text is no size, not a multiple of 4K, or out of range
    public static long parse(String what, String text, long least, long most) {
        Matcher matcher = SIZE.matcher(text);
        if (!matcher.matches()) {
            throw new UnusableInput(
                    what + " " + Escape.quote(text) + " is not a size: digits with optional K, M, G or T, as in 4G");
        }
        String unit = matcher.group(2);
        int shift = unit.isEmpty() ? 0 : 10 * (UNITS.indexOf(unit.charAt(0)) + 1);
        BigInteger bytes = new BigInteger(matcher.group(1)).shiftLeft(shift);
        if (bytes.compareTo(BigInteger.valueOf(least)) < 0 || bytes.compareTo(BigInteger.valueOf(most)) > 0) {
            throw new UnusableInput(
                    what + " " + text + " is out of range: legal is " + show(least) + " to " + show(most));
        }
        long value = bytes.longValueExact();
        if ((value & 0xfff) != 0) {
            throw new UnusableInput(what + " " + text + " is not a multiple of 4K");
        }
        return value;
    }

    /// The shortest exact spelling of a size.
    public static String show(long bytes) {
        int unit = 0;
        long value = bytes;
        while (value != 0 && (value & 0x3ff) == 0 && unit < UNITS.length()) {
            value >>= 10;
            unit++;
        }
        return unit == 0 ? Long.toString(value) : value + UNITS.substring(unit - 1, unit);
    }
}
