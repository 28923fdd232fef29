package org.enclosure.tck.weave;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ArrayLoadInstruction;
import java.lang.classfile.instruction.ArrayStoreInstruction;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.NewPrimitiveArrayInstruction;
import java.lang.classfile.instruction.NewReferenceArrayInstruction;
import java.lang.classfile.instruction.ReturnInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;

/// The body of one method, with its touches.
final class TouchCode implements CodeTransform {
    private static final MethodTypeDesc OF_WORD = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object,
            ConstantDescs.CD_int);
    private static final MethodTypeDesc OF_GLOBAL = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_int,
            ConstantDescs.CD_boolean);
    private static final MethodTypeDesc OF_WHOLE = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object,
            ConstantDescs.CD_boolean);
    /// Of the JDK's classes with a state; the others are values or functions.
    private static final Set<String> STATELESS = Set.of("java/util/Objects", "java/util/Optional",
            "java/util/OptionalLong", "java/util/OptionalInt", "java/util/Iterator", "java/util/ListIterator",
            "java/util/Comparator", "java/util/Map$Entry", "java/util/HexFormat", "java/util/Locale",
            "java/util/Spliterator");
    private static final Set<String> READS = Set.of("get", "getFirst", "getLast", "getOrDefault", "size", "isEmpty",
            "contains", "containsKey", "containsValue", "containsAll", "indexOf", "iterator", "forEach", "stream",
            "values", "keySet", "entrySet", "toArray", "sum", "longValue", "intValue", "isLocked",
            "isHeldByCurrentThread", "equals", "hashCode", "toString", "subList", "reversed", "firstEntry", "lastEntry",
            "floorEntry", "ceilingEntry", "higherEntry", "lowerEntry", "floorKey", "ceilingKey", "headMap", "tailMap",
            "subMap", "firstKey", "lastKey", "peek", "peekFirst", "peekLast");
    private static final String SPI_CACHE = "org/enclosure/spi/FrameCache";

    private final FinalFields finals = FinalFields.SHARED;
    private final String in;
    private final boolean isConstructor;
    private final boolean isInitializer;
    private final boolean hasState;
    private final HandleFields handles;
    private final Deque<String> handlesOnStack = new ArrayDeque<>();

    TouchCode(ClassModel parsed, MethodModel method, HandleFields handles) {
        in = parsed.thisClass().asInternalName();
        isConstructor = method.methodName().equalsString("<init>");
        isInitializer = method.methodName().equalsString("<clinit>");
        hasState = parsed.fields().stream()
                .anyMatch(field -> (field.flags().flagsMask() & (ClassFile.ACC_STATIC | ClassFile.ACC_FINAL)) == 0);
        this.handles = handles;
    }

    @Override
    public void atStart(CodeBuilder code) {
        if (isInitializer) {
            code.invokestatic(Touches.TOUCH, "beginsConstants", Touches.NOTHING);
        }
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
        switch (element) {
            case FieldInstruction field -> field(code, field);
            case ArrayLoadInstruction load -> {
                code.dup2().invokestatic(Touches.TOUCH, "read", OF_WORD);
                code.with(load);
            }
            case ArrayStoreInstruction store -> {
                int value = code.allocateLocal(store.typeKind().asLoadable());
                code.storeLocal(store.typeKind().asLoadable(), value).dup2()
                        .invokestatic(Touches.TOUCH, "write", OF_WORD)
                        .loadLocal(store.typeKind().asLoadable(), value);
                code.with(store);
            }
            case NewPrimitiveArrayInstruction made -> born(code.with(made));
            case NewReferenceArrayInstruction made -> born(code.with(made));
            case InvokeInstruction call -> call(code, call);
            case ReturnInstruction end when isInitializer -> code
                    .invokestatic(Touches.TOUCH, "endsConstants", Touches.NOTHING).with(end);
            case ReturnInstruction end when isConstructor -> {
                if (hasState) {
                    code.aload(0).invokestatic(Touches.TOUCH, "born", Touches.OF_OBJECT);
                }
                if (Touches.isReservation(in)) {
                    Touches.tellRegion(code);
                }
                code.with(end);
            }
            default -> code.with(element);
        }
    }

    private static void born(CodeBuilder code) {
        code.dup().invokestatic(Touches.TOUCH, "born", Touches.OF_OBJECT);
    }

    // ---- fields ---------------------------------------------------------------------------------------------------------

    private void field(CodeBuilder code, FieldInstruction field) {
        String owner = field.owner().asInternalName();
        String name = field.name().stringValue();
        boolean isOwnInConstructor = isConstructor && owner.equals(in);
        if (field.opcode() == Opcode.GETSTATIC && HandleFields.isHandle(field)) {
            handlesOnStack.push(name);
        } else if (field.opcode() == Opcode.PUTFIELD && isReferenceToJdk(field)) {
            born(code);
        }
        if (owner.startsWith("org/enclosure/") && !isOwnInConstructor && !finals.isFinal(owner, name)) {
            tell(code, field, owner, name);
        }
        code.with(field);
    }

    private static void tell(CodeBuilder code, FieldInstruction field, String owner, String name) {
        switch (field.opcode()) {
            case GETFIELD -> code.dup().loadConstant(name.hashCode()).invokestatic(Touches.TOUCH, "read", OF_WORD);
            case PUTFIELD -> {
                TypeKind kind = TypeKind.from(field.typeSymbol()).asLoadable();
                int value = code.allocateLocal(kind);
                code.storeLocal(kind, value).dup().loadConstant(name.hashCode())
                        .invokestatic(Touches.TOUCH, "write", OF_WORD).loadLocal(kind, value);
            }
            default -> code.loadConstant((owner + "." + name).hashCode())
                    .loadConstant(field.opcode() == Opcode.PUTSTATIC ? 1 : 0)
                    .invokestatic(Touches.TOUCH, "global", OF_GLOBAL);
        }
    }

    private static boolean isReferenceToJdk(FieldInstruction field) {
        String type = field.type().stringValue();
        return type.startsWith("[") || type.startsWith("Ljava/util/") || type.equals("Ljava/lang/Object;");
    }

    // ---- calls ----------------------------------------------------------------------------------------------------------

    private void call(CodeBuilder code, InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        if (name.equals("adviseHuge")) {
            // For speed alone; here it would cost it: a scene uses a few pages, and the system would zero 2M for each.
            code.pop2().pop2();
            return;
        }
        if (owner.equals("java/lang/invoke/VarHandle") && call.opcode() == Opcode.INVOKEVIRTUAL
                && !name.startsWith("with")) {
            handle(code, call, name);
        } else if (call.opcode() != Opcode.INVOKESTATIC && call.opcode() != Opcode.INVOKESPECIAL && hasState(owner)) {
            whole(code, call, !READS.contains(name));
        }
        code.with(call);
        boolean makesJdkObject = name.equals("<init>") && hasState(owner);
        boolean copiesArray = call.typeSymbol().returnType().isArray() && owner.equals("java/util/Arrays");
        if (makesJdkObject || copiesArray) {
            born(code);
        }
    }

    private static boolean hasState(String owner) {
        return owner.equals(SPI_CACHE) || owner.startsWith("java/util/") && !owner.startsWith("java/util/function/")
                && !owner.startsWith("java/util/stream/") && !STATELESS.contains(owner);
    }

    /// Tells of the receiver below the arguments.
    private static void whole(CodeBuilder code, InvokeInstruction call, boolean isWrite) {
        List<ClassDesc> parameters = call.typeSymbol().parameterList();
        int[] locals = spill(code, parameters, 0);
        code.dup().loadConstant(isWrite ? 1 : 0).invokestatic(Touches.TOUCH, "whole", OF_WHOLE);
        unspill(code, parameters, locals, 0);
    }

    private void handle(CodeBuilder code, InvokeInstruction call, String name) {
        String constant = handlesOnStack.poll();
        String field = constant == null ? null : handles.field(constant);
        List<ClassDesc> parameters = call.typeSymbol().parameterList();
        boolean isElement = !parameters.isEmpty() && parameters.getFirst().isArray();
        if (!isElement && (field == null || parameters.isEmpty() || parameters.getFirst().isPrimitive())) {
            throw new AssertionError(in + ": what " + name + " on " + constant + " accesses is not known");
        }
        boolean isWrite = !(name.equals("get") || name.equals("getOpaque") || name.equals("getAcquire")
                || name.equals("getVolatile"));
        int kept = isElement ? 2 : 1;
        int[] locals = spill(code, parameters, kept);
        if (isElement || field == null) {
            code.dup2();
        } else {
            code.dup().loadConstant(field.hashCode());
        }
        code.invokestatic(Touches.TOUCH, isWrite ? "write" : "read", OF_WORD);
        unspill(code, parameters, locals, kept);
    }

    /// Puts all arguments but the first ones into variables.
    private static int[] spill(CodeBuilder code, List<ClassDesc> parameters, int kept) {
        int[] locals = new int[parameters.size()];
        for (int i = parameters.size() - 1; i >= kept; i--) {
            TypeKind kind = TypeKind.from(parameters.get(i)).asLoadable();
            locals[i] = code.allocateLocal(kind);
            code.storeLocal(kind, locals[i]);
        }
        return locals;
    }

    private static void unspill(CodeBuilder code, List<ClassDesc> parameters, int[] locals, int kept) {
        for (int i = kept; i < parameters.size(); i++) {
            code.loadLocal(TypeKind.from(parameters.get(i)).asLoadable(), locals[i]);
        }
    }
}
