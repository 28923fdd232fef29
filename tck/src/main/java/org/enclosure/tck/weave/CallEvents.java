package org.enclosure.tck.weave;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// Tells the calls in one method that the model has an action for, just after they have returned, with their first numbers:
/// `resolve>isPrivate`.
final class CallEvents implements CodeTransform {
    private static final ClassDesc VM = ClassDesc.ofInternalName(ProtocolEvents.CORE + "machine/VmCore");
    /// Class, method, called method. Each of these classes has the VM in a field `vm`.
    private static final Set<String> CALLS = Set.of("vcpu/GuestCpuImpl.loadLong>lookUpRead",
            "vcpu/GuestCpuImpl.loadLong>getLong", "vcpu/GuestCpuImpl.storeLong>lookUpWrite",
            "vcpu/GuestCpuImpl.storeLong>putLong", "vcpu/VcpuMemory.translate>lookUpRead",
            "vcpu/VcpuMemory.translate>lookUpWrite", "vcpu/VcpuMemory.fillPage>walk",
            "vcpu/VcpuMemory.fillAdmitted>fill", "vcpu/VcpuMemory.tryAccess>perform", "fault/FaultCore.resolve>slots",
            "fault/FaultCore.resolve>isPrivate", "fault/FaultCore.resolve>allocate", "fault/FaultCore.publish>publish",
            "convert/Zapper.clear>unmap", "convert/ConversionEngine.turn>set",
            "convert/MemoryChanges.replaceSlots>publish",
            "convert/MemoryChanges.punch>removePages", "vm/MemslotsImpl.add>publish");
    private static final int NUMBERS = 2;

    private final ClassDesc owner;
    private final String at;
    private final Set<String> found;

    /// @param found gets the calls that were found
    CallEvents(ClassDesc owner, MethodModel method, Set<String> found) {
        this.owner = owner;
        at = owner.packageName().replace('.', '/') + "/" + owner.displayName() + "."
                + method.methodName().stringValue();
        this.found = found;
    }

    /// The calls of a class that are steps.
    static List<String> of(String className) {
        return CALLS.stream().map(ProtocolEvents.CORE::concat).filter(call -> call.startsWith(className + "."))
                .toList();
    }

    @Override
    public void accept(CodeBuilder code, CodeElement element) {
        String full = element instanceof InvokeInstruction call ? at + ">" + call.name().stringValue() : "";
        if (full.startsWith(ProtocolEvents.CORE) && CALLS.contains(full.substring(ProtocolEvents.CORE.length()))) {
            found.add(full);
            tell(code, (InvokeInstruction) element, full.substring(full.lastIndexOf('.') + 1));
        } else {
            code.with(element);
        }
    }

    private void tell(CodeBuilder code, InvokeInstruction call, String step) {
        List<Integer> longs = new ArrayList<>();
        List<Integer> ints = new ArrayList<>();
        copyArguments(code, call.typeSymbol(), longs, ints);
        code.with(call);
        code.aload(0).getfield(owner, "vm", VM)
                .invokevirtual(VM, "domain", MethodTypeDesc.of(ProtocolEvents.DOMAIN)).aload(0).ldc(step);
        for (int i = 0; i < NUMBERS; i++) {
            if (i < longs.size()) {
                code.lload(longs.get(i));
            } else {
                code.loadConstant(-1L);
            }
        }
        ProtocolEvents.tell(ints.isEmpty() ? code.iconst_m1() : code.iload(ints.getFirst()));
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
