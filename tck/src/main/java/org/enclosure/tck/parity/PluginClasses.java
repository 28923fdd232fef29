package org.enclosure.tck.parity;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassModel;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.lang.classfile.instruction.InvokeDynamicInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDesc;
import java.lang.constant.DirectMethodHandleDesc;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

/// The class files of a plugin: its provider, and what can be reached from it, in the provider's package and below.
final class PluginClasses {
    /// A call that some code makes, or hands out as a function.
    record Call(String owner, String name, String type) {
    }

    private final Map<String, ClassModel> classes = new TreeMap<>();

    PluginClasses(Class<?> provider) {
        String prefix = provider.getPackageName().replace('.', '/') + "/";
        Deque<String> open = new ArrayDeque<>(List.of(provider.getName().replace('.', '/')));
        while (!open.isEmpty()) {
            String name = open.pop();
            ClassModel parsed = classes.containsKey(name) ? null : parse(provider, name);
            if (parsed != null) {
                classes.put(name, parsed);
                for (PoolEntry entry : parsed.constantPool()) {
                    if (entry instanceof ClassEntry type && type.asInternalName().startsWith(prefix)) {
                        open.push(type.asInternalName());
                    }
                }
            }
        }
    }

    private static ClassModel parse(Class<?> provider, String name) {
        try (InputStream in = provider.getClassLoader().getResourceAsStream(name + ".class")) {
            if (in == null) {
                throw new AssertionError("there is no class file of " + name);
            }
            return ClassFile.of().parse(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    Collection<ClassModel> all() {
        return classes.values();
    }

    static String key(String owner, MethodModel method) {
        return owner + "." + method.methodName().stringValue() + method.methodType().stringValue();
    }

    /// What an instruction calls, or makes a function of.
    static List<Call> calls(CodeElement element) {
        List<Call> found = new ArrayList<>();
        if (element instanceof InvokeInstruction call) {
            found.add(new Call(call.owner().asInternalName(), call.name().stringValue(), call.type().stringValue()));
        } else if (element instanceof InvokeDynamicInstruction dynamic) {
            for (ConstantDesc argument : dynamic.bootstrapArgs()) {
                if (argument instanceof DirectMethodHandleDesc handle) {
                    found.add(new Call(internal(handle.owner()), handle.methodName(), handle.lookupDescriptor()));
                }
            }
        }
        return found;
    }

    private static String internal(ClassDesc type) {
        String text = type.descriptorString();
        return text.startsWith("L") ? text.substring(1, text.length() - 1) : text;
    }

    /// The methods of the plugin that a call may end in.
    Set<String> targets(Call call) {
        Set<String> found = new HashSet<>();
        for (String type = call.owner(); type != null; type = parent(type)) {
            if (has(type, call)) {
                found.add(type + "." + call.name() + call.type());
                break;
            }
        }
        for (String type : classes.keySet()) {
            if (has(type, call) && isBelow(type, call.owner())) {
                found.add(type + "." + call.name() + call.type());
            }
        }
        return found;
    }

    private boolean has(String type, Call call) {
        ClassModel model = classes.get(type);
        return model != null && model.methods().stream().anyMatch(
                one -> one.methodName().equalsString(call.name()) && one.methodType().equalsString(call.type()));
    }

    private @Nullable String parent(String type) {
        ClassModel model = classes.get(type);
        return model == null ? null : model.superclass().map(ClassEntry::asInternalName).orElse(null);
    }

    private boolean isBelow(String type, String owner) {
        ClassModel model = classes.get(type);
        return type.equals(owner) || model != null
                && (model.interfaces().stream().anyMatch(one -> isBelow(one.asInternalName(), owner))
                        || model.superclass().filter(one -> isBelow(one.asInternalName(), owner)).isPresent());
    }
}
