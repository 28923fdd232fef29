package org.enclosure.modelcheck;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.function.UnaryOperator;

import org.enclosure.tck.weave.ChangedClass;

/// Engines that take the steps of the protocol in a wrong order, or leave one out.
enum WrongOrder {
    /// The last step of an invalidation lets faults in before it says that something has changed.
    COUNT_BEFORE_SEQUENCE(Name.DOMAIN, changed -> changed.withBody("end", WrongOrder::countBeforeSequence)),
    /// The recheck reads in the order in which the end writes.
    SEQUENCE_BEFORE_COUNT(Name.DOMAIN, changed -> changed.withBody("isStillValid", WrongOrder::sequenceBeforeCount)),
    /// A fault takes its snapshot when it has read kind and page already.
    ATTRIBUTE_BEFORE_SNAPSHOT(Name.FAULT, changed -> changed.withCalls("install", "isStillValid", 1, (code, call) -> {
        code.pop2().aload(0).getfield(ClassDesc.of(Name.FAULT), "domain", ClassDesc.of(Name.DOMAIN))
                .invokevirtual(ClassDesc.of(Name.DOMAIN), "snapshot", MethodTypeDesc.of(ConstantDescs.CD_long))
                .with(call);
    })),
    /// A fault publishes what it found before the range was unmapped.
    NO_RECHECK(Name.DOMAIN, changed -> changed.withTrue("isStillValid")),
    /// A fault publishes its leaf after the range was unmapped.
    NO_DRAIN(Name.DOMAIN, changed -> changed.withEmptyBody("drain")),
    /// Frames change hands while an access is under way.
    NO_WAIT_FOR_ACCESSES(Name.HOLDER, changed -> changed.withEmptyBody("awaitAccess")),
    /// Leaves are cleared, translations stay.
    NO_SHOOTDOWN(Name.ZAPPER, changed -> changed.withEmptyBody("shootdown")),
    /// The gate of a fill lets it through.
    NO_GATE(Name.MEMORY,
            changed -> changed.withCalls("fillPage", "isInProgress", 1, (code, call) -> code.pop2().pop().iconst_0()));

    private static final int PAGE = 1;
    private static final int COUNT = 3;
    private static final int SNAPSHOT = 5;

    private final String changedClass;
    private final UnaryOperator<ChangedClass> change;

    WrongOrder(String changedClass, UnaryOperator<ChangedClass> change) {
        this.changedClass = changedClass;
        this.change = change;
    }

    String changedClass() {
        return changedClass;
    }

    UnaryOperator<ChangedClass> change() {
        return change;
    }

    /// The classes that are changed.
    private static final class Name {
        static final String DOMAIN = "org.enclosure.core.translation.TranslationDomain";
        static final String WORDS = "org.enclosure.core.translation.DomainWords";
        static final String HOLDER = "org.enclosure.core.translation.TranslationHolder";
        static final String FAULT = "org.enclosure.core.fault.FaultCore";
        static final String MEMORY = "org.enclosure.core.vcpu.VcpuMemory";
        static final String ZAPPER = "org.enclosure.core.convert.Zapper";

        private Name() {
        }
    }

    private static void countBeforeSequence(CodeBuilder code) {
        add(code, "IN_PROGRESS", "inProgress", -1);
        add(code, "SEQUENCE", "sequence", 1);
        code.return_();
    }

    private static void add(CodeBuilder code, String handle, String word, long summand) {
        ClassDesc words = ClassDesc.of(Name.WORDS);
        code.getstatic(ClassDesc.of(Name.DOMAIN), handle, ConstantDescs.CD_VarHandle).aload(0).aload(0)
                .getfield(words, word, ConstantDescs.CD_long).loadConstant(summand).ladd()
                .invokevirtual(ConstantDescs.CD_VarHandle, "setVolatile",
                        MethodTypeDesc.of(ConstantDescs.CD_void, words, ConstantDescs.CD_long));
    }

    private static void sequenceBeforeCount(CodeBuilder code) {
        Label changed = code.newLabel();
        Label free = code.newLabel();
        read(code, "SEQUENCE").lload(SNAPSHOT).lcmp().ifne(changed);
        read(code, "IN_PROGRESS").lconst_0().lcmp().ifle(free);
        code.lload(PAGE).lload(COUNT).ladd();
        read(code, "RANGE_START").lcmp().ifle(free);
        code.lload(PAGE);
        read(code, "RANGE_END").lcmp().ifge(free);
        code.labelBinding(changed).iconst_0().ireturn().labelBinding(free).iconst_1().ireturn();
    }

    private static CodeBuilder read(CodeBuilder code, String handle) {
        return code.getstatic(ClassDesc.of(Name.DOMAIN), handle, ConstantDescs.CD_VarHandle).aload(0).invokevirtual(
                ConstantDescs.CD_VarHandle, "getVolatile",
                MethodTypeDesc.of(ConstantDescs.CD_long, ClassDesc.of(Name.WORDS)));
    }
}
