package org.enclosure.tck.weave;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/// Tells each ordered access in one method of a domain or of a holder, just before it is made: `begin.RANGE_START`. The second access of
/// a word in the same method is `awaitFault.FAULT#1`, and so on.
final class WordEvents implements CodeTransform {
    private static final String VAR_HANDLE = "java/lang/invoke/VarHandle";

    private final ClassDesc owner;
    private final String method;
    private final boolean hasRange;
    private final List<String> told = new ArrayList<>();
    private String word = "";

    WordEvents(ClassDesc owner, MethodModel method) {
        this.owner = owner;
        this.method = method.methodName().stringValue();
        MethodTypeDesc type = method.methodTypeSymbol();
        hasRange = type.parameterCount() >= 2 && type.parameterType(0).equals(ConstantDescs.CD_long)
                && type.parameterType(1).equals(ConstantDescs.CD_long);
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
        if (element instanceof FieldInstruction field && field.opcode() == Opcode.GETSTATIC) {
            word = field.name().stringValue();
        }
        if (element instanceof InvokeInstruction call && call.owner().asInternalName().equals(VAR_HANDLE)
                && call.name().stringValue().matches("[gs]et.*")) {
            tell(code);
        }
        code.with(element);
    }

    private void tell(CodeBuilder code) {
        String step = method + "." + word;
        long before = told.stream().filter(step::equals).count();
        told.add(step);
        code.aload(0);
        if (owner.equals(ProtocolEvents.DOMAIN)) {
            code.aconst_null();
        } else {
            code.getfield(owner, "domain", ProtocolEvents.DOMAIN).aload(0);
        }
        code.ldc(before == 0 ? step : step + "#" + before);
        if (hasRange) {
            code.lload(1).lload(3);
        } else {
            code.loadConstant(-1L).loadConstant(-1L);
        }
        ProtocolEvents.tell(code.iconst_m1());
    }
}
