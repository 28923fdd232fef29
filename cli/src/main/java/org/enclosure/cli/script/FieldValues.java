package org.enclosure.cli.script;

import java.math.BigInteger;

import org.enclosure.cli.Escape;
import org.enclosure.cli.UnusableInput;
import org.enclosure.cli.Value;
import org.enclosure.spi.Operation.Field;

/// Values against the widths of their fields.
final class FieldValues {
    private FieldValues() {
    }

    /// The number that a value is in a field, as its register holds it.
    ///
    /// @param place what to call it in messages
    /// @throws UnusableInput if it is no number or too wide
    static BigInteger number(String place, Field field, Value value) {
        BigInteger number = value.number();
        if (number == null) {
            throw new UnusableInput(
                    place + " " + Escape.quote(value.text()) + " is not a number: an integer, or a text 0x...");
        }
        checkRange(place, field, number);
        return number;
    }

    /// Checks that a number fits. A register of 64 bits may be written as a negative number: that is how many statuses and
    /// error numbers read.
    static void checkRange(String place, Field field, BigInteger number) {
        boolean fits = number.signum() >= 0 ? number.bitLength() <= field.bits()
                : field.bits() == 64 && number.bitLength() < 64;
        if (!fits) {
            throw new UnusableInput(place + " " + show(number) + " is too wide for " + field.bits() + " bits: legal is "
                    + (field.bits() == 64 ? "-0x8000000000000000" : "0") + " to "
                    + show(BigInteger.ONE.shiftLeft(field.bits()).subtract(BigInteger.ONE)));
        }
    }

    /// The bytes that a value is.
    ///
    /// @throws UnusableInput if it is none
    static byte[] bytes(String place, Value value) {
        byte[] bytes = value.bytes();
        if (bytes == null) {
            throw new UnusableInput(place + " " + Escape.quote(value.text())
                    + " is not bytes: a quoted text of hex digits, two a byte");
        }
        return bytes;
    }

    private static String show(BigInteger number) {
        return (number.signum() < 0 ? "-0x" : "0x") + number.abs().toString(16);
    }
}
