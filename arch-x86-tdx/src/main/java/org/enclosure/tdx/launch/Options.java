package org.enclosure.tdx.launch;

import java.util.Map;

/// Settings by name, with refusals that name what is legal.
public final class Options {
    private Options() {
    }

    /// A value out of a few.
    ///
    /// @param values the first is the default
    /// @throws IllegalArgumentException naming option, value and the legal ones
    public static String choice(Map<String, String> options, String name, String... values) {
        String value = options.getOrDefault(name, values[0]);
        for (String legal : values) {
            if (legal.equals(value)) {
                return value;
            }
        }
        throw new IllegalArgumentException(
                "option " + name + "=" + value + " is not known; legal: " + String.join(", ", values));
    }

    /// A number, decimal or 0x.
    ///
    /// @throws IllegalArgumentException naming option, value and range
    public static long number(Map<String, String> options, String name, long fallback, long least, long most) {
        String text = options.get(name);
        if (text == null) {
            return fallback;
        }
        long number;
        try {
            number = Long.decode(text);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("option " + name + "=" + text + " is not a decimal or 0x number",
                    notANumber);
        }
        if (number < least || number > most) {
            throw new IllegalArgumentException("option " + name + "=" + text + " is out of range; legal: 0x"
                    + Long.toHexString(least) + " to 0x" + Long.toHexString(most));
        }
        return number;
    }
}
