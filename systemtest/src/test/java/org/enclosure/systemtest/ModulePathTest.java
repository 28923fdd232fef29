package org.enclosure.systemtest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.enclosure.api.Access;
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.core.plugin.FoundArchitecture;
import org.enclosure.systemtest.stress.ForkedJava;
import org.enclosure.testarch.TestProvider;
import org.junit.jupiter.api.Test;

/// The engine and a plugin as named modules: found through `ServiceLoader`, without a word on stderr.
class ModulePathTest {
    /// Runs in the forked JVM: prints what is found, and from which module.
    static final class Probe {
        private Probe() {
        }

        /// Prints one architecture a line, then the problems.
        public static void main(String[] args) {
            try (GuestMemorySystem system = GuestMemorySystem.builder().build()) {
                for (FoundArchitecture found : system.architectures()) {
                    System.out.println(found.id() + " " + found.provider().getClass().getModule().getName());
                }
                system.problems().forEach(System.out::println);
            }
        }
    }

    @Test
    void shouldFindPluginsAsNamedModulesQuietly() {
        String modules = Stream.of(Access.class, GuestMemorySystem.class, TestProvider.class).map(ModulePathTest::place)
                .collect(Collectors.joining(File.pathSeparator));
        String libraries = Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Stream
                        .of("guice", "guava", "asm-", "jakarta.inject", "slf4j-api", "jspecify", "apiguardian",
                                "aopalliance", "failureaccess")
                        .anyMatch(entry::contains))
                .collect(Collectors.joining(File.pathSeparator));
        ForkedJava result = ForkedJava.run(List.of("--illegal-native-access=deny",
                "--enable-native-access=org.enclosure.core", "--module-path", modules + File.pathSeparator + libraries,
                "--add-modules", "org.enclosure.core,org.enclosure.testarch", "--class-path",
                place(ModulePathTest.class),
                Probe.class.getName()));
        assertEquals("software org.enclosure.core\ntest org.enclosure.testarch", quiet(result.output()));
        assertEquals(0, result.exitCode());
    }

    /// A logging library without a binding says so; that is not ours.
    private static String quiet(String output) {
        return output.lines().filter(line -> !line.startsWith("SLF4J")).collect(Collectors.joining("\n"));
    }

    private static String place(Class<?> member) {
        return Path.of(java.net.URI.create(member.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }
}
