package org.enclosure.tck.mutant;

import java.util.function.UnaryOperator;

import org.enclosure.tck.weave.ChangedClass;

/// One mistake in one class.
///
/// Of several conditions, calls or constants in a method the number says which, from 0, in the order of the class file.
/// Overloads of a method count as one.
///
/// @param className the class that is changed
/// @param what what is wrong with it, for the name of the test
/// @param change makes the mistake; an [AssertionError] if it does not apply
public record Mutant(String className, String what, UnaryOperator<ChangedClass> change) {
    /// A condition is turned around.
    public static Mutant condition(String className, String method, int number) {
        return new Mutant(className, method + ": condition " + number + " turned around",
                changed -> changed.withConditionTurned(method, number));
    }

    /// A call is left out. If it answers something, that is 0, false or null.
    public static Mutant withoutCall(String className, String method, String called, int number) {
        return new Mutant(className, method + ": without call " + number + " of " + called,
                changed -> changed.withoutCall(method, called, number));
    }

    /// An integer constant is another.
    ///
    /// @param value the constant; `number` says which of those with this value
    public static Mutant constant(String className, String method, long value, int number, long instead) {
        return new Mutant(className, method + ": " + instead + " instead of constant " + number + " of " + value,
                changed -> changed.withConstant(method, value, number, instead));
    }

    /// A method always answers the same: a `boolean` (1 is true), an `int` or a `long`.
    public static Mutant answering(String className, String method, long value) {
        return new Mutant(className, method + " answers " + value, changed -> changed.withAnswer(method, value));
    }

    @Override
    public String toString() {
        return className.substring(className.lastIndexOf('.') + 1) + "." + what;
    }
}
