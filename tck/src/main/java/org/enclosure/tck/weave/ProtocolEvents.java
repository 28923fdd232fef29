package org.enclosure.tck.weave;

import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeTransform;
import java.lang.classfile.MethodModel;
import java.lang.classfile.MethodTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.enclosure.tck.schedule.Hook;

/// Makes the engine tell the steps of the invalidate protocol, for a comparison with its TLA+ model: each ordered access of a word of
/// a domain or of a mark ([WordEvents]), and the calls that the model has an action for ([CallEvents]).
///
/// Woven in behind the yield points: between a step and its telling nobody else comes in, so the events stand in the order in which
/// the steps were made.
final class ProtocolEvents {
    static final String CORE = "org/enclosure/core/";
    static final ClassDesc DOMAIN = ClassDesc.ofInternalName(CORE + "translation/TranslationDomain");

    private static final String WORDS = CORE + "translation/";
    private static final ClassDesc HOOK = ClassDesc.of(Hook.class.getName());
    private static final MethodTypeDesc EVENT = MethodTypeDesc.of(ConstantDescs.CD_void, ConstantDescs.CD_Object,
            ConstantDescs.CD_Object, ConstantDescs.CD_String, ConstantDescs.CD_long, ConstantDescs.CD_long,
            ConstantDescs.CD_int);

    private ProtocolEvents() {
    }

    /// The class with its events.
    ///
    /// @throws AssertionError if the class does not make a call any more that is a step
    static byte[] weave(byte[] file) {
        ClassFile files = ClassFile.of();
        ClassModel parsed = files.parse(file);
        String name = parsed.thisClass().asInternalName();
        Set<String> found = new HashSet<>();
        byte[] woven = files.transformClass(parsed, (builder, element) -> {
            if (element instanceof MethodModel method && method.code().isPresent()) {
                CodeTransform events = name.startsWith(WORDS)
                        ? new WordEvents(parsed.thisClass().asSymbol(), method)
                        : new CallEvents(parsed.thisClass().asSymbol(), method, found);
                builder.transformMethod(method, MethodTransform.transformingCode(events));
            } else {
                builder.with(element);
            }
        });
        List<String> lost = CallEvents.of(name).stream().filter(call -> !found.contains(call)).toList();
        if (!lost.isEmpty()) {
            throw new AssertionError("the engine does not make these steps of the protocol there any more: " + lost);
        }
        return woven;
    }

    /// Tells an event; domain, holder, step, two numbers and a flag are on the stack.
    static void tell(CodeBuilder code) {
        code.invokestatic(HOOK, "event", EVENT);
    }
}
