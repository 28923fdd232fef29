package org.enclosure.snp.launch;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

/// Reads option values; what is illegal is named with what is legal.
final class OptionValues {
    private OptionValues() {
    }

    /// One of an enum's constants by its name in any case.
    static <E extends Enum<E>> E choice(Map<String, String> options, String name, E absent) {
        String text = options.get(name);
        if (text == null) {
            return absent;
        }
        E[] all = absent.getDeclaringClass().getEnumConstants();
        for (E one : all) {
            if (one.toString().equals(text.toLowerCase(Locale.ROOT))) {
                return one;
            }
        }
        throw illegal(options, name, String.join(", ", Arrays.stream(all).map(Enum::toString).toList()));
    }

    /// A number, decimal or 0x, in a range.
    static long number(Map<String, String> options, String name, long first, long last, long absent) {
        if (!options.containsKey(name)) {
            return absent;
        }
        String legal = "0x" + Long.toHexString(first) + " to 0x" + Long.toHexString(last) + ", decimal or 0x";
        long value = parse(options, name, legal);
        if (value < first || value > last) {
            throw illegal(options, name, legal);
        }
        return value;
    }

    /// A number of 64 bits without sign, decimal or 0x.
    static long unsigned(Map<String, String> options, String name, long absent) {
        return options.containsKey(name) ? parse(options, name, "64 bits, decimal or 0x") : absent;
    }

    static IllegalArgumentException illegal(Map<String, String> options, String name, String legal) {
        return new IllegalArgumentException(
                "option " + name + "=" + options.get(name) + " of a launch is not legal; legal: " + legal);
    }

    private static long parse(Map<String, String> options, String name, String legal) {
        String text = options.getOrDefault(name, "");
        boolean isHex = text.startsWith("0x") || text.startsWith("0X");
        String digits = isHex ? text.substring(2) : text;
        try {
            if (!digits.isEmpty() && Character.digit(digits.charAt(0), 16) >= 0) {
                return Long.parseUnsignedLong(digits, isHex ? 16 : 10);
            }
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException(illegal(options, name, legal).getMessage(), notANumber);
        }
        throw illegal(options, name, legal);
    }
}
