package org.enclosure.tck.weave;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.MethodModel;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.ConstantInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// A copy of a class file with something changed in it: a mutant, made by the test, never a switch in the code.
///
/// A change that does not find exactly what it expects to change is an [AssertionError]: then the mutant has to be looked at
/// again.
public final class ChangedClass {
    private final String name;
    private final byte[] bytes;

    private ChangedClass(String name, byte[] bytes) {
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

    /// With a condition the other way round: both sides of the branch change places.
    ///
    /// @param in the method whose code is changed; all overloads count
    /// @param number which conditional branch of the class file, from 0
    public ChangedClass withConditionTurned(String in, int number) {
        return withOne(in, number, "conditions in " + in, Instructions::isCondition, Instructions::turnAround);
    }

    /// Without a call; what it would have answered is 0, false or null.
    ///
    /// @param in the method whose code is changed; all overloads count
    /// @param called the method that is not called there
    /// @param number which call of it, from 0
    public ChangedClass withoutCall(String in, String called, int number) {
        return withOne(in, number, "calls of " + called + " in " + in,
                element -> Instructions.isCall(element, called),
                (code, element) -> Instructions.leaveOut(code, (InvokeInstruction) element));
    }

    /// With another integer constant; constants of other classes stand in the code that uses them.
    ///
    /// @param in the method whose code is changed; all overloads count; `<clinit>` has the values of static fields
    /// @param value the constant, an `int` or a `long`
    /// @param number which of those with this value, from 0
    /// @param instead what it becomes
    public ChangedClass withConstant(String in, long value, int number, long instead) {
        return withOne(in, number, "constants " + value + " in " + in,
                element -> Instructions.isConstant(element, value), (code, element) -> Instructions.load(code,
                        ((ConstantInstruction) element).typeKind(), instead));
    }

    /// With a method that always answers the same.
    ///
    /// @param method the one method of a name, which answers a `boolean`, an `int` or a `long`
    /// @param value the answer
    public ChangedClass withAnswer(String method, long value) {
        TypeKind kind = TypeKind.from(ClassFile.of().parse(bytes).methods().stream()
                .filter(model -> model.methodName().equalsString(method)).findFirst()
                .orElseThrow(() -> notApplying(0, "method " + method, "1")).methodTypeSymbol().returnType());
        return withBody(method, code -> {
            Instructions.load(code, kind, value);
            code.return_(kind);
        });
    }

    private ChangedClass withOne(String in, int number, String what, Predicate<CodeElement> isMeant,
            BiConsumer<CodeBuilder, CodeElement> replacement) {
        AtomicInteger found = new AtomicInteger();
        ChangedClass changed = transformed(ClassTransform.transformingMethodBodies(
                model -> model.methodName().equalsString(in), (code, element) -> {
                    if (isMeant.test(element) && found.getAndIncrement() == number) {
                        replacement.accept(code, element);
                    } else {
                        code.with(element);
                    }
                }));
        if (found.get() <= number) {
            throw notApplying(found.get(), what, "more than " + number);
        }
        return changed;
    }

    private ChangedClass transformed(ClassTransform transform) {
        ClassFile files = ClassFile.of();
        return new ChangedClass(name, files.transformClass(files.parse(bytes), transform));
    }

    private void check(int expected, int found, String what) {
        if (found != expected) {
            throw notApplying(found, what, String.valueOf(expected));
        }
    }

    private AssertionError notApplying(int found, String what, String expected) {
        return new AssertionError("the mutant does not apply any more: " + name + " has " + found + " " + what
                + ", expected were " + expected);
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
