package org.enclosure.core.mem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The calls and their substitutes, each in a JVM of its own that drives a whole allocator.
class NativeCallsTest {
    private static final String NATIVE_ACCESS = "--enable-native-access=ALL-UNNAMED";
    private static final String PURE = "fallback: memory by a mapped temporary file in ";

    @Test
    void shouldMakeMemoryReadAsZeroesWhenItIsGivenBack() {
        try (LazyMemory memory = LazyMemory.reserve(3 * 4096)) {
            for (int i = 0; i < 3 * 512; i++) {
                Raw.putLong(memory.address() + 8L * i, ~0L);
            }
            assertEquals(NativeCalls.givesBack(), NativeCalls.giveBack(memory.address() + 4096, 4096));
            assertTrue(Raw.isZero(memory.address() + 4096, 4096));
            assertEquals(~0L, Raw.getLong(memory.address() + 4088));
            assertEquals(~0L, Raw.getLong(memory.address() + 8192));
        }
    }

    @Test
    void shouldUseNativeCallsWhereTheyAreAllowed() {
        ForkedJava java = ForkedJava.run(AllocatorExercise.class, NATIVE_ACCESS);
        succeeded(java);
        if (System.getProperty("os.name").equals("Linux")) {
            assertTrue(java.output().startsWith("native: memory by mmap, given back by madvise\n\n"), java.output());
            assertTrue(java.output().contains("\nbounded false\n"), java.output());
        }
    }

    @Test
    void shouldDoWithoutNativeCallsWhenTheyAreSwitchedOff(@TempDir Path files) throws IOException {
        ForkedJava java = ForkedJava.run(AllocatorExercise.class, "-Denclosure.native=off",
                "-Djava.io.tmpdir=" + files);
        succeeded(java);
        assertTrue(java.output().startsWith(PURE + files + ", never given back before the host is closed\n\n"),
                java.output());
        assertTrue(java.output().contains("symmetric: volatile marks (native calls are not in force)"), java.output());
        assertTrue(java.output().contains("\nbounded true\n"), java.output());
        assertFalse(java.output().contains("WARNING"), "a restricted method was called: " + java.output());
        try (Stream<Path> left = Files.list(files)) {
            assertEquals(0, left.filter(path -> path.toString().endsWith(".mem")).count(), "files were left behind");
        }
    }

    @Test
    void shouldDoWithoutNativeCallsWhereJavaRefusesThemAndSayWhatToDo() {
        ForkedJava java = ForkedJava.run(AllocatorExercise.class, "--illegal-native-access=deny");
        succeeded(java);
        assertTrue(java.output().startsWith(PURE), java.output());
        assertTrue(java.output().contains("start Java with --enable-native-access=org.enclosure.core"), java.output());
    }

    @Test
    void shouldWorkWithCheckedAddresses() {
        ForkedJava java = ForkedJava.run(AllocatorExercise.class, NATIVE_ACCESS, "-Denclosure.memory=bounded");
        succeeded(java);
        assertTrue(java.output().contains("\nbounded true\n"), java.output());
    }

    @Test
    void shouldRefuseUnknownValuesOfItsProperties() {
        ForkedJava java = ForkedJava.run(AllocatorExercise.class, NATIVE_ACCESS, "-Denclosure.native=no");
        assertNotEquals(0, java.exitCode());
        assertTrue(java.output().contains("EINVAL: system property enclosure.native=no; legal is auto or off"),
                java.output());
        java = ForkedJava.run(AllocatorExercise.class, NATIVE_ACCESS, "-Denclosure.memory=checked");
        assertNotEquals(0, java.exitCode());
        assertTrue(java.output().contains("EINVAL: system property enclosure.memory=checked; legal is flat or bounded"),
                java.output());
    }

    private static void succeeded(ForkedJava java) {
        assertEquals(0, java.exitCode(), java.output());
        assertTrue(java.output().endsWith("exercise ok\n"), java.output());
    }
}
