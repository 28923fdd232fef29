package org.enclosure.systemtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import org.enclosure.api.Access;
import org.enclosure.cli.Main;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The plugin of `examples/third-party`, compiled against the API alone and used through the command. (CI builds it with Maven
/// against the installed artifacts, too.)
class ThirdPartyPluginTest {
    private static final Path SOURCES = Project.ROOT.resolve("examples/third-party/src/main");

    @TempDir
    @SuppressWarnings("NullAway.Init") // set by JUnit
    static Path plugin;

    @BeforeAll
    static void compile() throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        assertNotNull(compiler, "the tests run on a JDK");
        List<Path> files;
        try (Stream<Path> tree = Files.walk(SOURCES.resolve("java"))) {
            files = tree.filter(file -> file.toString().endsWith(".java")).toList();
        }
        StringWriter messages = new StringWriter();
        try (StandardJavaFileManager manager = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
            List<String> options = new ArrayList<>(
                    List.of("-d", plugin.toString(), "-p", place(Access.class) + libraries()));
            boolean done = compiler
                    .getTask(messages, manager, null, options, null, manager.getJavaFileObjectsFromPaths(files))
                    .call();
            assertTrue(done, messages.toString());
        }
        String service = "META-INF/services/org.enclosure.spi.ArchitectureProvider";
        Files.createDirectories(plugin.resolve("META-INF/services"));
        Files.copy(SOURCES.resolve("resources").resolve(service), plugin.resolve(service));
    }

    private static String place(Class<?> member) {
        return Path.of(java.net.URI.create(member.getProtectionDomain().getCodeSource().getLocation().toString()))
                .toString();
    }

    private static String libraries() {
        return java.io.File.pathSeparator + place(org.apiguardian.api.API.class) + java.io.File.pathSeparator
                + place(NullMarked.class);
    }

    @Test
    void shouldBeListed() {
        Output output = execute("plugins", "--plugin-path", plugin.toString());
        assertTrue(output.text.contains("example"), output.toString());
        assertEquals(0, output.status, output.toString());
    }

    @Test
    void shouldRunTheGuestAndWithstandTheAttacks() {
        Output output = execute("run", "--arch", "example", "--memory", "64M", "--plugin-path", plugin.toString());
        assertEquals(0, output.status, output.toString());
        assertTrue(output.text.contains("example (VM type confidential): ok"), output.toString());
    }

    /// What a command printed.
    private record Output(int status, String text, String errors) {
    }

    private static Output execute(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = Main.execute(arguments, new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8));
        return new Output(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }
}
