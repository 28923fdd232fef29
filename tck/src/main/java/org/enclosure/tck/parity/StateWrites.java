package org.enclosure.tck.parity;

import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeModel;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Predicate;

/// Whether a method itself writes something that may be state of a machine.
final class StateWrites {
    private static final String MEMORY = "org/enclosure/spi/PhysicalMemory";
    private static final Set<String> MEMORY_WRITES = Set.of("putLong", "putByte", "putLongRelease", "compareAndSet",
            "zero", "copy");
    private static final Set<String> COLLECTION_WRITES = Set.of("put", "putIfAbsent", "remove", "add", "clear", "set",
            "computeIfAbsent", "compute", "merge", "push", "pop");

    private final Predicate<String> isOfMachine;
    /// Classes whose objects callers hand in.
    private final Set<String> handedIn = new HashSet<>();

    StateWrites(PluginClasses classes, Predicate<String> isOfMachine) {
        this.isOfMachine = isOfMachine;
        for (ClassModel type : classes.all()) {
            if (isOfMachine.test(type.thisClass().asInternalName())) {
                type.methods().stream().filter(one -> !one.methodName().equalsString("<init>"))
                        .flatMap(one -> one.methodTypeSymbol().parameterList().stream())
                        .filter(ClassDesc::isClassOrInterface)
                        .forEach(one -> handedIn.add(one.descriptorString()));
            }
        }
    }

    boolean isWriting(String owner, MethodModel method, CodeModel code) {
        boolean isCreating = method.methodName().equalsString("<init>")
                || method.methodName().equalsString("<clinit>");
        boolean readsArray = false;
        boolean readsCollection = false;
        boolean storesToArray = false;
        boolean changesCollection = false;
        for (CodeElement element : code) {
            if (element instanceof InvokeInstruction call && isWrite(call)
                    || element instanceof FieldInstruction field && !isCreating && isFieldWrite(field)) {
                return true;
            }
            if (element instanceof FieldInstruction field && isState(field)) {
                readsArray |= field.typeSymbol().isArray();
                readsCollection |= field.type().stringValue().startsWith("Ljava/util/");
            }
            storesToArray |= element instanceof ArrayStoreInstruction;
            changesCollection |= element instanceof InvokeInstruction call && isChangeOfCollection(call);
        }
        return isOfMachine.test(owner) && !isCreating
                && (readsArray && storesToArray || readsCollection && changesCollection);
    }

    private static boolean isWrite(InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        if (owner.equals(MEMORY)) {
            return MEMORY_WRITES.contains(name);
        }
        if (owner.equals("java/lang/invoke/VarHandle") || owner.startsWith("java/util/concurrent/atomic/")) {
            boolean isRead = name.startsWith("get") && !name.startsWith("getAnd") && !name.startsWith("getUpd")
                    || name.equals("length") || name.startsWith("<");
            return !isRead && !name.endsWith("Fence");
        }
        return false;
    }

    private static boolean isChangeOfCollection(InvokeInstruction call) {
        return call.owner().asInternalName().startsWith("java/util/")
                && COLLECTION_WRITES.contains(call.name().stringValue());
    }

    /// A field of an object that callers hand in is an output.
    private boolean isFieldWrite(FieldInstruction field) {
        boolean writes = field.opcode() == Opcode.PUTFIELD || field.opcode() == Opcode.PUTSTATIC;
        return writes && isOfMachine.test(field.owner().asInternalName())
                && !handedIn.contains(field.owner().asSymbol().descriptorString());
    }

    private boolean isState(FieldInstruction field) {
        boolean reads = field.opcode() == Opcode.GETFIELD || field.opcode() == Opcode.GETSTATIC;
        return reads && isOfMachine.test(field.owner().asInternalName())
                && !handedIn.contains(field.owner().asSymbol().descriptorString());
    }
}
