package org.enclosure.snp.launch;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;

import org.enclosure.spi.OptionValues;

/// Options whose values are an enum's constants.
final class Choice {
    private Choice() {
    }

    /// The constant that is named, in any case: sev-snp-measure takes both.
    ///
    /// @throws IllegalArgumentException naming the option, its value and the constants
    static <E extends Enum<E>> E of(Map<String, String> options, String name, E absent) {
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
        throw OptionValues.illegal(options, name,
                String.join(", ", Arrays.stream(all).map(Enum::toString).toList()));
    }
}
