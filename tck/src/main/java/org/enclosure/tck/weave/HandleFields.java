package org.enclosure.tck.weave;

import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.util.HashMap;
import java.util.Map;

import org.jspecify.annotations.Nullable;

/// Which fields the `VarHandle` constants of a class are for, as its static initializer says.
final class HandleFields {
    private final Map<String, String> fields = new HashMap<>();

    private HandleFields() {
    }

    static HandleFields of(ClassModel parsed) {
        HandleFields found = new HandleFields();
        parsed.methods().stream().filter(method -> method.methodName().equalsString("<clinit>"))
                .flatMap(method -> method.code().stream()).forEach(code -> {
                    String text = null;
                    for (CodeElement element : code) {
                        if (element instanceof ConstantInstruction constant
                                && constant.constantValue() instanceof String value) {
                            text = value;
                        } else if (element instanceof FieldInstruction field && field.opcode() == Opcode.PUTSTATIC) {
                            if (isHandle(field)) {
                                found.fields.put(field.name().stringValue(), text == null ? "" : text);
                            }
                            text = null;
                        }
                    }
                });
        return found;
    }

    static boolean isHandle(FieldInstruction field) {
        return field.type().equalsString("Ljava/lang/invoke/VarHandle;");
    }

    /// The field behind a constant; empty for elements of arrays, null if the class has no such constant.
    @Nullable
    String field(String constant) {
        return fields.get(constant);
    }
}
