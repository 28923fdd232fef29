package org.enclosure.pkvm.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeElement;
import java.lang.classfile.Opcode;
import java.lang.classfile.instruction.BranchInstruction;
import java.lang.classfile.instruction.InvokeInstruction;
import java.lang.reflect.InvocationTargetException;
import java.util.List;
import java.util.Objects;
import java.util.function.BiPredicate;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Mistakes that are put into the class files of EL2, one at a time: each is caught by an assertion of [TransitionsTest]. A mutant
/// that no longer applies fails, too.
class MutantsTest {
    private static final String KILLER = "org.enclosure.pkvm.machine.TransitionsTest";
    private static final String CODE_UNDER_TEST = "org.enclosure.pkvm.";

    /// A change of one method.
    ///
    /// @param call the call to a void method with a receiver that is left out; null to turn a condition around
    /// @param number which one, from 0
    private record Mutant(String type, String method, @Nullable String call, int number) {
        static Mutant inverted(String type, String method, int number) {
            return new Mutant(type, method, null, number);
        }

        static Mutant without(String type, String method, String call, int number) {
            return new Mutant(type, method, call, number);
        }

        String className() {
            return "org.enclosure.pkvm.machine." + type;
        }

        @Override
        public String toString() {
            return type + "." + method + (call == null ? " condition " + number + " turned around"
                    : " without call " + number + " of " + call);
        }
    }

    private static final List<Mutant> MUTANTS = List.of(
            Mutant.without("ProtectedGuestCalls", "reclaimLocked", "zero", 0),
            Mutant.without("ProtectedGuestCalls", "reclaimLocked", "set", 0),
            Mutant.without("ProtectedGuestCalls", "forceLocked", "zero", 0),
            Mutant.without("ProtectedGuestCalls", "forceLocked", "set", 0),
            Mutant.without("ProtectedGuestCalls", "forceLocked", "giveToHost", 0),
            Mutant.without("ProtectedGuestCalls", "giveToGuest", "annotate", 0),
            Mutant.without("ProtectedGuestCalls", "giveToGuest", "set", 0),
            Mutant.without("ProtectedGuestCalls", "donateLocked", "set", 0),
            Mutant.without("GuestCalls", "relinquishLocked", "zero", 0),
            Mutant.without("GuestCalls", "relinquishLocked", "set", 0),
            Mutant.without("GuestCalls", "turnLocked", "map", 0),
            Mutant.without("GuestCalls", "turnLocked", "set", 0),
            Mutant.without("HostCalls", "donateLocked", "annotate", 0),
            Mutant.without("HostCalls", "returnLocked", "map", 0),
            Mutant.without("HostCalls", "transition", "set", 0),
            Mutant.without("SharedGuestCalls", "unshareLocked", "dropShare", 0),
            Mutant.inverted("HostCalls", "hostUnshareHyp", 4), Mutant.inverted("HostCalls", "donateLocked", 0),
            Mutant.inverted("HostCalls", "hostOnly", 2), Mutant.inverted("ProtectedGuestCalls", "donate", 1),
            Mutant.inverted("ProtectedGuestCalls", "forceLocked", 1), Mutant.inverted("GuestCalls", "checkLeaf", 1),
            Mutant.inverted("SharedGuestCalls", "dropShare", 0));

    @TestFactory
    Stream<DynamicTest> everyMutantShouldBeCaught() {
        return MUTANTS.stream()
                .map(mutant -> DynamicTest.dynamicTest(mutant.toString(), () -> assertCaught(mutant)));
    }

    @Test
    void theKillerShouldPassWithoutAMutant() throws Exception {
        assertEquals("passed", run(new Loader(null)));
    }

    private static void assertCaught(Mutant mutant) throws Exception {
        assertEquals("caught", run(new Loader(mutant)));
    }

    /// @return `passed`, `caught`, or what else happened
    private static String run(Loader loader) throws Exception {
        try {
            java.lang.reflect.Method killer = loader.loadClass(KILLER).getDeclaredMethod("runAll");
            killer.setAccessible(true);
            killer.invoke(null);
            return "passed";
        } catch (InvocationTargetException e) {
            return e.getCause() instanceof AssertionError ? "caught" : "broke down: " + e.getCause();
        }
    }

    /// Classes of the plugin of its own, one of them changed.
    private static final class Loader extends ClassLoader {
        private final @Nullable Mutant mutant;

        Loader(@Nullable Mutant mutant) {
            super(MutantsTest.class.getClassLoader());
            this.mutant = mutant;
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(CODE_UNDER_TEST)) {
                return super.loadClass(name, resolve);
            }
            synchronized (getClassLoadingLock(name)) {
                Class<?> loaded = findLoadedClass(name);
                return loaded == null ? define(name) : loaded;
            }
        }

        private Class<?> define(String name) throws ClassNotFoundException {
            String file = name.replace('.', '/') + ".class";
            try (InputStream in = Objects.requireNonNull(getParent().getResourceAsStream(file), file)) {
                byte[] bytes = in.readAllBytes();
                byte[] code = mutant != null && name.equals(mutant.className()) ? changed(bytes, mutant) : bytes;
                return defineClass(name, code, 0, code.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }

        private static byte[] changed(byte[] bytes, Mutant mutant) {
            int[] seen = {0};
            BiPredicate<CodeElement, Mutant> isMeant = (element, what) -> what.call == null
                    ? element instanceof BranchInstruction branch && inverse(branch.opcode()) != null
                    : element instanceof InvokeInstruction call && call.name().equalsString(what.call);
            byte[] changed = ClassFile.of().transformClass(ClassFile.of().parse(bytes),
                    ClassTransform.transformingMethodBodies(method -> method.methodName().equalsString(mutant.method),
                            (builder, element) -> {
                                boolean hit = isMeant.test(element, mutant) && seen[0]++ == mutant.number;
                                if (!hit) {
                                    builder.with(element);
                                } else if (element instanceof BranchInstruction branch) {
                                    builder.branch(Objects.requireNonNull(inverse(branch.opcode())), branch.target());
                                } else if (element instanceof InvokeInstruction call) {
                                    leaveOut(builder, call);
                                }
                            }));
            assertTrue(seen[0] > mutant.number, () -> mutant + " does not apply any more");
            return changed;
        }

        /// Takes arguments and receiver off the stack instead.
        private static void leaveOut(java.lang.classfile.CodeBuilder builder, InvokeInstruction call) {
            List<java.lang.constant.ClassDesc> parameters = call.typeSymbol().parameterList();
            for (java.lang.constant.ClassDesc parameter : parameters.reversed()) {
                boolean isWide = parameter.equals(java.lang.constant.ConstantDescs.CD_long)
                        || parameter.equals(java.lang.constant.ConstantDescs.CD_double);
                builder.with(java.lang.classfile.instruction.StackInstruction.of(isWide ? Opcode.POP2 : Opcode.POP));
            }
            builder.pop();
        }

        private static @Nullable Opcode inverse(Opcode opcode) {
            return switch (opcode) {
                case IFEQ -> Opcode.IFNE;
                case IFNE -> Opcode.IFEQ;
                case IFLT -> Opcode.IFGE;
                case IFGE -> Opcode.IFLT;
                case IFGT -> Opcode.IFLE;
                case IFLE -> Opcode.IFGT;
                case IF_ICMPEQ -> Opcode.IF_ICMPNE;
                case IF_ICMPNE -> Opcode.IF_ICMPEQ;
                case IF_ICMPLT -> Opcode.IF_ICMPGE;
                case IF_ICMPGE -> Opcode.IF_ICMPLT;
                case IF_ICMPGT -> Opcode.IF_ICMPLE;
                case IF_ICMPLE -> Opcode.IF_ICMPGT;
                default -> null;
            };
        }
    }
}
