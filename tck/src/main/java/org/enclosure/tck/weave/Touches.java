package org.enclosure.tck.weave;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Set;

import org.enclosure.tck.schedule.Touch;

/// Weaves into engine and plugin that each access to memory that threads may share is told before it is made: of fields that are
/// not final, by `VarHandle` or plainly, of elements of arrays, of memory off the heap, and of the collections, counters and locks
/// of the JDK as wholes. Objects are told when they are made, so that they have the same name in every run.
///
/// Not told, because nothing that the engine does depends on them: the kit's own classes, events, and the list of live segments.
/// An iterator counts as read when it is asked for; collections that threads share are walked under a lock.
final class Touches {
    static final ClassDesc TOUCH = ClassDesc.of(Touch.class.getName());
    static final MethodTypeDesc OF_OBJECT = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object);
    static final MethodTypeDesc NOTHING = MethodTypeDesc.of(ConstantDescs.CD_void);
    private static final MethodTypeDesc OF_MEMORY = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long,
            ConstantDescs.CD_boolean);
    private static final MethodTypeDesc OF_RANGE = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long,
            ConstantDescs.CD_long, ConstantDescs.CD_boolean);
    private static final MethodTypeDesc OF_REGION = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_long,
            ConstantDescs.CD_long);

    private static final String MEM = "org/enclosure/core/mem/";
    private static final Set<String> LEFT_OUT = Set.of(MEM + "LinuxCalls", MEM + "NativeCalls", MEM + "LiveSegments",
            MEM + "AccessOrder");

    private Touches() {
    }

    static byte[] weave(byte[] file) {
        ClassFile files = ClassFile.of();
        ClassModel parsed = files.parse(file);
        String name = parsed.thisClass().asInternalName();
        if (LEFT_OUT.contains(name) || name.startsWith("org/enclosure/core/event/")) {
            return file;
        }
        if (name.equals(MEM + "Raw")) {
            return files.transformClass(parsed, raw());
        }
        HandleFields handles = HandleFields.of(parsed);
        return files.transformClass(parsed, (builder, element) -> {
            if (element instanceof MethodModel method && method.code().isPresent()) {
                builder.transformMethod(method, MethodTransform.transformingCode(
                        CodeTransform.ofStateful(() -> new TouchCode(parsed, method, handles))));
            } else {
                builder.with(element);
            }
        });
    }

    /// Every method that takes an address tells of it at its start.
    private static ClassTransform raw() {
        return (builder, element) -> {
            if (element instanceof MethodModel method && method.code().isPresent()) {
                builder.transformMethod(method, MethodTransform.transformingCode(new CodeTransform() {
                    @Override
                    public void atStart(CodeBuilder code) {
                        tell(code, method.methodName().stringValue(), method.methodType().stringValue());
                    }

                    @Override
                    public void accept(CodeBuilder code, java.lang.classfile.CodeElement inside) {
                        code.with(inside);
                    }
                }));
            } else {
                builder.with(element);
            }
        };
    }

    private static void tell(CodeBuilder code, String name, String type) {
        switch (name) {
            case "copy" -> tellCopy(code, type);
            case "zero" -> range(code, 0, 2, true);
            case "isZero" -> range(code, 0, 2, false);
            default -> {
                boolean isWrite = name.startsWith("put") || name.startsWith("compareAnd")
                        || name.startsWith("getAndBitwise");
                if (isWrite || name.startsWith("get")) {
                    code.lload(0).loadConstant(isWrite ? 1 : 0).invokestatic(TOUCH, "memory", OF_MEMORY);
                }
            }
        }
    }

    private static void tellCopy(CodeBuilder code, String type) {
        switch (type) {
            case "(JJJ)V" -> {
                range(code, 0, 4, false);
                range(code, 2, 4, true);
            }
            case "(J[BII)V" -> bytes(code, 0, 4, false);
            case "([BIJI)V" -> bytes(code, 2, 4, true);
            default -> throw new AssertionError("Raw has another copy: " + type);
        }
    }

    private static void range(CodeBuilder code, int address, int bytes, boolean isWrite) {
        code.lload(address).lload(bytes).loadConstant(isWrite ? 1 : 0).invokestatic(TOUCH, "range", OF_RANGE);
    }

    private static void bytes(CodeBuilder code, int address, int bytes, boolean isWrite) {
        code.lload(address).iload(bytes).i2l().loadConstant(isWrite ? 1 : 0).invokestatic(TOUCH, "range", OF_RANGE);
    }

    /// At the end of the constructor of a reservation.
    static void tellRegion(CodeBuilder code) {
        ClassDesc reservation = ClassDesc.ofInternalName(MEM + "Reservation");
        MethodTypeDesc answersLong = MethodTypeDesc.of(ConstantDescs.CD_long);
        code.aload(0).invokevirtual(reservation, "address", answersLong).aload(0)
                .invokevirtual(reservation, "bytes", answersLong).invokestatic(TOUCH, "region", OF_REGION);
    }

    static boolean isReservation(String name) {
        return name.equals(MEM + "Reservation");
    }
}
