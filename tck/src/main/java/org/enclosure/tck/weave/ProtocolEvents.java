package org.enclosure.tck.weave;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.classfile.Opcode;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.FieldInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.enclosure.tck.schedule.Hook;

/// Makes the engine tell the steps of the invalidate protocol, for a comparison with its TLA+ model: each ordered access of a word of
/// a domain or of a mark, just before it is made, and the calls that the model has a step for, just after they have returned.
///
/// Woven in behind the yield points: between the last one and the telling nobody else comes in, so the events stand in the order in
/// which the steps were made.
final class ProtocolEvents {
    private static final ClassDesc HOOK = ClassDesc.of(Hook.class.getName());
    private static final MethodTypeDesc EVENT = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object,
            ConstantDescs.CD_Object, ConstantDescs.CD_String, ConstantDescs.CD_long, ConstantDescs.CD_long,
            ConstantDescs.CD_int);
    private static final String VAR_HANDLE = "java/lang/invoke/VarHandle";
    private static final String CORE = "org/enclosure/core/";
    private static final String WORDS = CORE + "translation/";
    private static final ClassDesc DOMAIN = ClassDesc.ofInternalName(WORDS + "TranslationDomain");
    private static final ClassDesc VM = ClassDesc.ofInternalName(CORE + "machine/VmCore");
    /// The calls that are steps: class, method, called method. Each of these classes has the VM in a field `vm`.
    private static final Set<String> CALLS = Set.of("vcpu/GuestCpuImpl.loadLong>lookUpRead",
            "vcpu/GuestCpuImpl.loadLong>getLong", "vcpu/GuestCpuImpl.storeLong>lookUpWrite",
            "vcpu/GuestCpuImpl.storeLong>putLong", "vcpu/VcpuMemory.translate>lookUpRead",
            "vcpu/VcpuMemory.translate>lookUpWrite", "vcpu/VcpuMemory.fillPage>walk",
            "vcpu/VcpuMemory.fillAdmitted>fill", "vcpu/VcpuMemory.tryAccess>perform", "fault/FaultCore.resolve>slots",
            "fault/FaultCore.resolve>isPrivate", "fault/FaultCore.resolve>allocate", "fault/FaultCore.publish>publish",
            "convert/Zapper.clear>unmap", "convert/ConversionEngine.turn>set",
            "convert/MemoryChanges.replaceSlots>publish",
            "convert/MemoryChanges.punch>removePages");

    private ProtocolEvents() {
    }

    /// The class with its events.
    ///
    /// @throws AssertionError if the class has lost a call that is a step
    static byte[] weave(byte[] file) {
        ClassFile files = ClassFile.of();
        ClassModel parsed = files.parse(file);
        String name = parsed.thisClass().asInternalName();
        Set<String> found = new HashSet<>();
        byte[] woven = files.transformClass(parsed, transform(parsed, name, found));
        List<String> lost = CALLS.stream()
                .filter(call -> (CORE + call).startsWith(name + ".") && !found.contains(call)).toList();
        if (!lost.isEmpty()) {
            throw new AssertionError("the engine does not make these steps of the protocol there any more: " + lost);
        }
        return woven;
    }

    private static ClassTransform transform(ClassModel parsed, String name, Set<String> found) {
        boolean hasWords = name.startsWith(WORDS);
        return (builder, element) -> {
            if (element instanceof MethodModel method && method.code().isPresent()) {
                String at = method.methodName().stringValue();
                CodeTransform code = hasWords
                        ? new WordTransform(method, parsed)
                        : (code2, instruction) -> call(code2, instruction, parsed, name, at, found);
                builder.transformMethod(method, MethodTransform.transformingCode(code));
            } else {
                builder.with(element);
            }
        };
    }

    // ---- ordered accesses -----------------------------------------------------------------------------------------------

    /// Tells each ordered access of one method of a domain or holder; the second and further ones of a word with their number.
    private static final class WordTransform implements CodeTransform {
        private final String method;
        private final MethodTypeDesc type;
        private final ClassDesc owner;
        private final boolean isDomain;
        private final List<String> told = new ArrayList<>();
        private String word = "";

        WordTransform(MethodModel method, ClassModel parsed) {
            this.method = method.methodName().stringValue();
            type = method.methodTypeSymbol();
            owner = parsed.thisClass().asSymbol();
            isDomain = owner.equals(DOMAIN);
        }

        @Override
        public void accept(CodeBuilder code, CodeElement element) {
            if (element instanceof FieldInstruction field && field.opcode() == Opcode.GETSTATIC) {
                word = field.name().stringValue();
            }
            if (element instanceof InvokeInstruction call && call.owner().asInternalName().equals(VAR_HANDLE)
                    && call.opcode() == Opcode.INVOKEVIRTUAL) {
                tell(code);
            }
            code.with(element);
        }

        private void tell(CodeBuilder code) {
            String step = method + "." + word;
            long before = told.stream().filter(step::equals).count();
            told.add(step);
            code.aload(0);
            if (isDomain) {
                code.aconst_null();
            } else {
                code.getfield(owner, "domain", DOMAIN).aload(0);
            }
            code.ldc(before == 0 ? step : step + "#" + before);
            boolean hasRange = type.parameterCount() >= 2 && type.parameterType(0).equals(ConstantDescs.CD_long)
                    && type.parameterType(1).equals(ConstantDescs.CD_long);
            if (hasRange) {
                code.lload(1).lload(3);
            } else {
                code.loadConstant(-1L).loadConstant(-1L);
            }
            code.iconst_m1().invokestatic(HOOK, "event", EVENT);
        }
    }

    // ---- calls ----------------------------------------------------------------------------------------------------------

    private static void call(CodeBuilder code, CodeElement element, ClassModel parsed, String name, String method,
            Set<String> found) {
        if (!(element instanceof InvokeInstruction call)) {
            code.with(element);
            return;
        }
        String step = method + ">" + call.name().stringValue();
        String full = (name + "." + step).replace(CORE, "");
        if (!CALLS.contains(full)) {
            code.with(element);
            return;
        }
        found.add(full);
        List<Integer> longs = new ArrayList<>();
        List<Integer> ints = new ArrayList<>();
        copyArguments(code, call.typeSymbol(), longs, ints);
        code.with(element);
        code.aload(0).getfield(parsed.thisClass().asSymbol(), "vm", VM)
                .invokevirtual(VM, "domain", MethodTypeDesc.of(DOMAIN)).aload(0).ldc(step);
        for (int i = 0; i < 2; i++) {
            if (i < longs.size()) {
                code.lload(longs.get(i));
            } else {
                code.loadConstant(-1L);
            }
        }
        if (ints.isEmpty()) {
            code.iconst_m1();
        } else {
            code.iload(ints.getFirst());
        }
        code.invokestatic(HOOK, "event", EVENT);
    }

    /// Copies the arguments on the stack into locals.
    private static void copyArguments(CodeBuilder code, MethodTypeDesc type, List<Integer> longs, List<Integer> ints) {
        List<TypeKind> kinds = type.parameterList().stream().map(TypeKind::from).toList();
        List<Integer> slots = kinds.stream().map(code::allocateLocal).toList();
        for (int i = kinds.size() - 1; i >= 0; i--) {
            code.storeLocal(kinds.get(i), slots.get(i));
        }
        for (int i = 0; i < kinds.size(); i++) {
            code.loadLocal(kinds.get(i), slots.get(i));
            switch (kinds.get(i).asLoadable()) {
                case LONG -> longs.add(slots.get(i));
                case INT -> ints.add(slots.get(i));
                default -> {
                    // Only numbers are told.
                }
            }
        }
    }
}
