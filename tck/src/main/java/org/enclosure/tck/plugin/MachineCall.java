package org.enclosure.tck.plugin;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/// One call of a method of the machine that is an operation. Read by the table's [MachineTable.Operands] before the method runs.
public final class MachineCall {
    private final String method;
    private final Object[] arguments;
    private final List<Long> numbers = new ArrayList<>();
    private @Nullable Long answer;
    private boolean isFlag;

    /// A call that is about to be made.
    ///
    /// @param method class and method
    /// @param arguments what it is called with
    public MachineCall(String method, Object... arguments) {
        this.method = method;
        this.arguments = arguments;
        for (Object argument : arguments) {
            Long number = number(argument);
            if (number != null) {
                numbers.add(number);
            }
        }
    }

    private static @Nullable Long number(@Nullable Object value) {
        return switch (value) {
            case Boolean bit -> bit ? 1L : 0L;
            case Long word -> word;
            case Integer word -> word.longValue();
            case Byte word -> word.longValue();
            case Short word -> word.longValue();
            case null, default -> null;
        };
    }

    /// Class and method.
    public String method() {
        return method;
    }

    /// The arguments that are numbers, in their order; a boolean is 0 or 1.
    public List<Long> numbers() {
        return numbers;
    }

    /// The argument that is the `index`-th number.
    public long number(int index) {
        return numbers.get(index);
    }

    /// What a public field of some argument holds, before the call.
    ///
    /// @throws AssertionError if no argument has a number of this name
    public long field(String name) {
        Long value = fieldOrNull(name);
        if (value == null) {
            throw new AssertionError("no argument of " + method + " has a number in a field " + name);
        }
        return value;
    }

    /// What a public array of some argument holds, before the call.
    ///
    /// @throws AssertionError if no argument has an array of this name
    public long[] words(String name) {
        for (Object argument : arguments) {
            if (read(argument, name) instanceof long[] words) {
                return words;
            }
        }
        throw new AssertionError("no argument of " + method + " has words in a field " + name);
    }

    /// What a public field of some argument holds, or null if none has a number of this name.
    public @Nullable Long fieldOrNull(String name) {
        for (Object argument : arguments) {
            Long value = number(read(argument, name));
            if (value != null) {
                return value;
            }
        }
        return null;
    }

    /// The class of an argument is that of the plugin that was loaded anew, so reflection alone can look into it.
    private static @Nullable Object read(@Nullable Object argument, String field) {
        try {
            return argument == null ? null : argument.getClass().getField(field).get(argument);
        } catch (ReflectiveOperationException none) {
            return null;
        }
    }

    /// Notes what it answered.
    public void answered(@Nullable Object value) {
        answer = number(value);
        isFlag = value instanceof Boolean;
    }

    /// Whether it answered yes or no.
    public boolean answersFlag() {
        return isFlag;
    }

    /// What it answered, if that is a number.
    public @Nullable Long answer() {
        return answer;
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder(method).append('(');
        for (int i = 0; i < numbers.size(); i++) {
            text.append(i == 0 ? "" : ", ").append("0x").append(Long.toHexString(numbers.get(i)));
        }
        return text.append(')').toString();
    }
}
