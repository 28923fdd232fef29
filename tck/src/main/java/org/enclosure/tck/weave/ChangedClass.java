package org.enclosure.tck.weave;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.MethodModel;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/// A copy of a class file with something changed in it: a mutant, made by the test, never a switch in the code.
///
/// A change that does not find exactly what it expects to change is an [AssertionError]: then the mutant has to be looked at
/// again.
public final class ChangedClass {
    private final String name;
    private final byte[] bytes;

    ChangedClass(String name, byte[] bytes) {
        this.name = name;
        this.bytes = bytes;
    }

    /// The class as it is.
    public static ChangedClass of(String name) {
        try (InputStream in = ClassLoader.getSystemResourceAsStream(file(name))) {
            if (in == null) {
                throw new AssertionError("there is no class " + name + " to change");
            }
            return new ChangedClass(name, in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String file(String name) {
        return name.replace('.', '/') + ".class";
    }

    /// With another body of the one method of a name.
    public ChangedClass withBody(String method, Consumer<CodeBuilder> body) {
        AtomicInteger found = new AtomicInteger();
        ChangedClass changed = transformed((builder, element) -> {
            if (element instanceof MethodModel model && model.methodName().equalsString(method)) {
                found.incrementAndGet();
                builder.withMethodBody(model.methodName(), model.methodType(), model.flags().flagsMask(), body);
            } else {
                builder.with(element);
            }
        });
        check(1, found.get(), "method " + method);
        return changed;
    }

    /// With a method that does nothing.
    public ChangedClass withEmptyBody(String method) {
        return withBody(method, CodeBuilder::return_);
    }

    /// With a method that always answers true.
    public ChangedClass withTrue(String method) {
        return withBody(method, code -> code.iconst_1().ireturn());
    }

    /// With something else in place of the calls of a method.
    ///
    /// @param in the method whose code is changed
    /// @param called the method that is called there
    /// @param expected how many calls there are
    /// @param replacement gets the code and the call; receiver and arguments are on the stack
    public ChangedClass withCalls(String in, String called, int expected,
            BiConsumer<CodeBuilder, InvokeInstruction> replacement) {
        AtomicInteger found = new AtomicInteger();
        ChangedClass changed = transformed(
                ClassTransform.transformingMethodBodies(model -> model.methodName().equalsString(in),
                        (code, element) -> {
                            if (element instanceof InvokeInstruction call && call.name().equalsString(called)) {
                                found.incrementAndGet();
                                replacement.accept(code, call);
                            } else {
                                code.with(element);
                            }
                        }));
        check(expected, found.get(), "calls of " + called + " in " + in);
        return changed;
    }

    /// With calls of another method of the same receiver and arguments.
    public ChangedClass withRenamedCalls(String in, String called, String instead) {
        return withCalls(in, called, 1,
                (code, call) -> code.invokevirtual(call.owner().asSymbol(), instead, call.typeSymbol()));
    }

    private ChangedClass transformed(ClassTransform transform) {
        ClassFile files = ClassFile.of();
        return new ChangedClass(name, files.transformClass(files.parse(bytes), transform));
    }

    private void check(int expected, int found, String what) {
        if (found != expected) {
            throw new AssertionError("the mutant does not apply any more: " + name + " has " + found + " " + what
                    + ", expected were " + expected);
        }
    }

    byte[] bytes() {
        return bytes;
    }

    /// Writes the class to where a class path that starts with `folder` finds it.
    public void writeTo(Path folder) {
        Path file = folder.resolve(file(name));
        try {
            Files.createDirectories(file.getParent());
            Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
