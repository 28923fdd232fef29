package org.enclosure.systemtest.allocation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ConstantDescs;
import java.nio.file.Path;

import org.enclosure.systemtest.stress.ForkedJava;
import org.enclosure.tck.weave.ChangedClass;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Nothing on the guest's paths and nothing in a conversion allocates on the Java heap in steady state.
class AllocationTest {
    @Test
    void shouldAllocateNothingInSteadyState() {
        ForkedJava java = ForkedJava.of(AllocationMain.class).run("false");
        System.out.println(java.output());
        assertEquals(0, java.exitCode(), java.output());
    }

    @Test
    void shouldAllocateNothingInTheInterpreter() {
        ForkedJava java = ForkedJava.of(AllocationMain.class).with("-Xint", "-Drounds=10").run("false");
        System.out.println(java.output());
        assertEquals(0, java.exitCode(), java.output());
    }

    @Test
    void shouldNoticeAnExitHandlerThatAllocates() {
        ForkedJava java = ForkedJava.of(AllocationMain.class).run("true", Exercise.GUEST_CONVERSION.name());
        assertFound(java, "software/software-protected/4k " + Exercise.GUEST_CONVERSION);
    }

    /// Interpreted, because the compiler would see that the object is not used.
    @Test
    void shouldNoticeSixteenBytesPerFault(@TempDir Path folder) {
        ChangedClass.of("org.enclosure.core.fault.FaultCore")
                .withCalls("handle", "enterResolve", 1, (code, call) -> allocate(code).with(call)).writeTo(folder);
        ForkedJava java = ForkedJava.of(AllocationMain.class).with(folder).with("-Xint", "-Drounds=10").run("false",
                Exercise.PUNCH_AND_FIRST_TOUCH.name());
        assertFound(java, "software/software-protected/4k " + Exercise.PUNCH_AND_FIRST_TOUCH);
    }

    private static CodeBuilder allocate(CodeBuilder code) {
        return code.new_(ConstantDescs.CD_Object).dup().invokespecial(ConstantDescs.CD_Object, "<init>",
                ConstantDescs.MTD_void).pop();
    }

    private static void assertFound(ForkedJava java, String what) {
        System.out.println(java.output());
        assertEquals(AllocationMain.FOUND, java.exitCode(), java.output());
        assertTrue(java.output().lines().anyMatch(line -> line.startsWith(what) && !line.contains(": 0 bytes")),
                java.output());
    }
}
