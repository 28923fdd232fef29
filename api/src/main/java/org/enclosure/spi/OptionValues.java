package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.apiguardian.api.API;

/// Reads the values of options that a plugin is given; what is illegal is refused by name, value and what is legal. Called by
/// plugins, on any thread; keeps nothing.
///
/// A number is decimal or `0x` hex, without sign.
@API(status = EXPERIMENTAL, since = "0.1")
public final class OptionValues {
    private static final long MOST_SHOWN_IN_DECIMAL = 0xffff;

    private OptionValues() {
    }

    /// One of a few texts.
    ///
    /// @param fallback what an absent option means
    /// @param others what is legal beside it
    /// @throws IllegalArgumentException if the value is another one
    public static String choice(Map<String, String> options, String name, String fallback, String... others) {
        String value = options.getOrDefault(name, fallback);
        List<String> legal = new ArrayList<>(others.length + 1);
        legal.add(fallback);
        legal.addAll(List.of(others));
        if (!legal.contains(value)) {
            throw illegal(options, name, String.join(", ", legal));
        }
        return value;
    }

    /// A number in a range.
    ///
    /// @param fallback what an absent option means; may lie outside of the range
    /// @param least 0 or more
    /// @throws IllegalArgumentException if the value is no number, or out of range
    public static long number(Map<String, String> options, String name, long fallback, long least, long most) {
        if (!options.containsKey(name)) {
            return fallback;
        }
        String legal = show(least, most) + " to " + show(most, most) + ", decimal or 0x";
        long value = parse(options, name, legal);
        if (value < least || value > most) {
            throw illegal(options, name, legal);
        }
        return value;
    }

    /// A number of 64 bits, as its register holds it.
    ///
    /// @param fallback what an absent option means
    /// @throws IllegalArgumentException if the value is no number, or wider
    public static long pattern(Map<String, String> options, String name, long fallback) {
        return options.containsKey(name) ? parse(options, name, "64 bits, decimal or 0x") : fallback;
    }

    /// The refusal of a value, to be thrown.
    ///
    /// @param legal what is legal, for people
    public static IllegalArgumentException illegal(Map<String, String> options, String name, String legal) {
        return new IllegalArgumentException(
                "option " + name + "=" + options.get(name) + " is not legal; legal: " + legal);
    }

    private static String show(long value, long most) {
        return most <= MOST_SHOWN_IN_DECIMAL ? Long.toString(value) : "0x" + Long.toHexString(value);
    }

    static long parse(Map<String, String> options, String name, String legal) {
        String text = options.getOrDefault(name, "");
        boolean isHex = text.startsWith("0x") || text.startsWith("0X");
        String digits = isHex ? text.substring(2) : text;
        try {
            // parseUnsignedLong takes a plus sign
            if (!digits.isEmpty() && Character.digit(digits.charAt(0), 16) >= 0) {
                return Long.parseUnsignedLong(digits, isHex ? 16 : 10);
            }
        } catch (NumberFormatException _) {
            throw illegal(options, name, legal);
        }
        throw illegal(options, name, legal);
    }
}
