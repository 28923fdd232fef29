package org.enclosure.tck.weave;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.classfile.instruction.MonitorInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.Set;

import org.enclosure.tck.schedule.Hook;

/// Weaves yield points into the engine: before every step of the protocols, and in place of everything that waits.
///
/// A point stands before each ordered access of a mark or of a domain's words, before each call that begins a numbered step of a
/// fault, fill, invalidation, shootdown, punch or split, before each call into the plugin, and before each access to guest memory.
public final class YieldPoints {
    private static final ClassDesc HOOK = ClassDesc.of(Hook.class.getName());
    private static final ClassDesc LOCK = ClassDesc.of("java.util.concurrent.locks.ReentrantLock");
    private static final MethodTypeDesc NOTHING = MethodTypeDesc.of(ConstantDescs.CD_void);
    private static final MethodTypeDesc OF_STRING = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_String);
    private static final MethodTypeDesc OF_OBJECT = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object);
    private static final MethodTypeDesc OF_LOCK = MethodTypeDesc.of(ConstantDescs.CD_void, LOCK);

    private static final String CORE = "org/enclosure/core/";
    /// Classes of the engine of which every call from another package is a step.
    private static final Set<String> STEPS = Set.of("org/enclosure/core/translation/TranslationDomain",
            "org/enclosure/core/attr/AttributeMap", "org/enclosure/core/s2/S2Table", "org/enclosure/core/slot/PinTable",
            "org/enclosure/spi/GuestTable", "org/enclosure/spi/VcpuBackend", "org/enclosure/spi/Platform");
    /// Methods that are steps whoever is called.
    private static final Set<String> STEP_NAMES = Set.of("enterAccess", "exitAccess", "isCurrent", "catchUp", "fill",
            "enterFault", "exitFault", "enterResolve", "exitResolve", "allocate", "zeroIfStillValid", "isPrivate",
            "slots",
            "publish", "replace", "claim", "shootViews", "beginViews", "endViews", "isInProgress", "remove", "split");
    /// Accesses to guest memory.
    private static final String RAW = "org/enclosure/core/mem/Raw";
    private static final Set<String> ACCESSORS = Set.of("org/enclosure/core/vcpu/VcpuMemory",
            "org/enclosure/core/vcpu/GuestCpuImpl", "org/enclosure/core/hostside/HostAccessor",
            "org/enclosure/core/hostside/PhysicalAccessImpl");

    private YieldPoints() {
    }

    /// Whether a class gets yield points.
    public static boolean applyTo(String className) {
        return className.startsWith("org.enclosure.core.") && !className.startsWith("org.enclosure.core.boot.");
    }

    /// The class with its yield points.
    public static byte[] weave(byte[] file) {
        ClassFile files = ClassFile.of();
        var parsed = files.parse(file);
        String name = parsed.thisClass().asInternalName();
        boolean isMem = name.startsWith("org/enclosure/core/mem/");
        String simple = name.substring(name.lastIndexOf('/') + 1);
        return files.transformClass(parsed, ClassTransform.transformingMethodBodies((code, element) -> {
            if (waits(code, element) || !isMem && guardsMonitor(code, element)) {
                return;
            }
            if (!isMem && element instanceof InvokeInstruction call && isStep(name, call)) {
                code.ldc(simple + ">" + call.name().stringValue()).invokestatic(HOOK, "point", OF_STRING);
            }
            code.with(element);
        }));
    }

    private static boolean isWait(InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        return owner.equals("java/lang/Thread") && (name.equals("onSpinWait") || name.equals("yield"))
                || owner.equals("java/util/concurrent/locks/LockSupport") && name.equals("parkNanos")
                || owner.equals("java/util/concurrent/locks/ReentrantLock") && name.equals("lock");
    }

    /// What waits gives the baton away instead.
    private static boolean waits(CodeBuilder code, CodeElement element) {
        if (!(element instanceof InvokeInstruction call) || !isWait(call)) {
            return false;
        }
        switch (call.name().stringValue()) {
            case "lock" -> code.invokestatic(HOOK, "lock", OF_LOCK);
            case "parkNanos" -> code.pop2().invokestatic(HOOK, "pause", NOTHING);
            default -> code.invokestatic(HOOK, "pause", NOTHING);
        }
        return true;
    }

    private static boolean guardsMonitor(CodeBuilder code, CodeElement element) {
        if (!(element instanceof MonitorInstruction monitor)) {
            return false;
        }
        code.dup();
        if (monitor.opcode() == Opcode.MONITORENTER) {
            code.invokestatic(HOOK, "beforeMonitor", OF_OBJECT).monitorenter();
        } else {
            code.monitorexit().invokestatic(HOOK, "afterMonitor", OF_OBJECT);
        }
        return true;
    }

    private static boolean isStep(String in, InvokeInstruction call) {
        String owner = call.owner().asInternalName();
        String name = call.name().stringValue();
        if (owner.equals("java/lang/invoke/VarHandle")) {
            return in.startsWith(CORE + "translation/") || in.startsWith(CORE + "machine/");
        }
        if (owner.equals(RAW)) {
            return ACCESSORS.contains(in) || name.startsWith("compareAndSet");
        }
        return STEPS.contains(owner) && !owner.equals(in) && !name.startsWith("<")
                || owner.startsWith(CORE) && STEP_NAMES.contains(name);
    }
}
