package org.enclosure.tck.weave;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;

import org.jspecify.annotations.Nullable;

/// Instructions that mutants look for, and what they put in their place.
final class Instructions {
    private Instructions() {
    }

    static boolean isCondition(CodeElement element) {
        return element instanceof BranchInstruction branch && inverse(branch.opcode()) != null;
    }

    static boolean isCall(CodeElement element, String called) {
        return element instanceof InvokeInstruction call && call.name().equalsString(called);
    }

    static boolean isConstant(CodeElement element, long value) {
        return element instanceof ConstantInstruction constant && switch (constant.constantValue()) {
            case Integer number -> number == value;
            case Long number -> number == value;
            default -> false;
        };
    }

    static void turnAround(CodeBuilder code, CodeElement element) {
        Opcode inverse = element instanceof BranchInstruction branch ? inverse(branch.opcode()) : null;
        if (inverse == null) {
            throw new IllegalArgumentException(element + " is no condition");
        }
        code.branch(inverse, ((BranchInstruction) element).target());
    }

    /// Takes arguments and receiver off the stack; what the call answers is 0, false or null then.
    static void leaveOut(CodeBuilder code, InvokeInstruction call) {
        for (ClassDesc parameter : call.typeSymbol().parameterList().reversed()) {
            drop(code, TypeKind.from(parameter));
        }
        if (call.opcode() != Opcode.INVOKESTATIC) {
            code.pop();
        }
        load(code, TypeKind.from(call.typeSymbol().returnType()), 0);
    }

    private static void drop(CodeBuilder code, TypeKind kind) {
        if (kind.slotSize() == 2) {
            code.pop2();
        } else {
            code.pop();
        }
    }

    static void load(CodeBuilder code, TypeKind kind, long value) {
        switch (kind.asLoadable()) {
            case INT -> code.loadConstant(Math.toIntExact(value));
            case LONG -> code.loadConstant(value);
            case FLOAT -> code.loadConstant((float) value);
            case DOUBLE -> code.loadConstant((double) value);
            case REFERENCE -> code.aconst_null();
            default -> {
                // A call of a void method answers nothing.
            }
        }
    }

    private static @Nullable Opcode inverse(Opcode opcode) {
        return switch (opcode) {
            case IFEQ -> Opcode.IFNE;
            case IFNE -> Opcode.IFEQ;
            case IFLT -> Opcode.IFGE;
            case IFGE -> Opcode.IFLT;
            case IFGT -> Opcode.IFLE;
            case IFLE -> Opcode.IFGT;
            case IF_ICMPEQ -> Opcode.IF_ICMPNE;
            case IF_ICMPNE -> Opcode.IF_ICMPEQ;
            case IF_ICMPLT -> Opcode.IF_ICMPGE;
            case IF_ICMPGE -> Opcode.IF_ICMPLT;
            case IF_ICMPGT -> Opcode.IF_ICMPLE;
            case IF_ICMPLE -> Opcode.IF_ICMPGT;
            case IF_ACMPEQ -> Opcode.IF_ACMPNE;
            case IF_ACMPNE -> Opcode.IF_ACMPEQ;
            case IFNULL -> Opcode.IFNONNULL;
            case IFNONNULL -> Opcode.IFNULL;
            default -> null;
        };
    }
}
