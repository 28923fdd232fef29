package org.enclosure.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

import org.enclosure.examples.RunOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CommandLineTest {
    static Stream<Arguments> unusable() {
        return Stream.of(arguments("", "no command was given"),
                arguments("plugin", "command 'plugin' is not known; there are: run, plugins, ops"),
                arguments("run extra more", "'more'"),
                arguments("run other", "guest 'other' is not known"), arguments("run --bogus", "'--bogus'"),
                arguments("run --memory", "--memory"), arguments("run --memory 0", "16M to 4T"),
                arguments("run --memory 8M", "8M is out of range"), arguments("run --memory 5T", "5T is out of range"),
                arguments("run --memory 4G1", "'4G1' is not a size"), arguments("run --memory -4G", "-4G"),
                arguments("run --memory 4g", "'4g' is not a size"),
                arguments("run --memory 4GB", "'4GB' is not a size"),
                arguments("run --memory 0x1000000", "is not a size"),
                arguments("run --memory 16777217", "not a multiple of 4K"),
                arguments("run --memory 99999999999999999999T", "out of range"),
                arguments("run --memory=", "'' is not a size"),
                arguments("run --memory 1G --memory 2G", "--memory"), arguments("run --vcpus 0", "1 to 512"),
                arguments("run --vcpus 513", "1 to 512"), arguments("run --vcpus two", "'two'"),
                arguments("run --vcpus 1.5", "'1.5'"),
                arguments("run --vcpus -1", "-1"), arguments("run --seed x", "--seed 'x'"),
                arguments("run --seed 9223372036854775808", "--seed"),
                arguments("run --policy page", "'page' is not key=value"),
                arguments("run --policy paje=4k", "'paje=4k'"), arguments("run --policy page=5k", "legal: 2m, 4k"),
                arguments("run --policy page=4k,", "empty part"),
                arguments("run --policy page=4k --policy page=2m", "given twice"),
                arguments("run --arch a,,b", "empty part"), arguments("run --arch", "--arch"),
                arguments("run --arch --json", "--arch"),
                arguments("run --arch=", "empty part"), arguments("run --image=", "no file name"),
                arguments("ops", "--arch"),
                arguments("ops --arch nosuch", "'nosuch'"),
                arguments("ops --arch software,software", "'software,software'"),
                arguments("verify --arch cca --section , /dev/null", "--section ',' has an empty part"),
                arguments("script", "FILE"), arguments("script /nonexistent/file.yaml", "does not exist"),
                arguments("script /", "is a directory"),
                arguments("script a b", "'b'"),
                arguments("plugins --plugin-path /nonexistent", "'/nonexistent' does not exist"),
                arguments("--plugin-path /nonexistent plugins", "does not exist"),
                arguments("--plugin-path /nonexistent plugins --plugin-path /", "does not exist"),
                arguments("plugins --plugin-path /dev/null", "neither a jar nor a folder"),
                arguments("plugins --plugin-path=", "does not exist"),
                arguments("plugins @/etc/hostname", "'@/etc/hostname'"), arguments("--json plugins", "--json"),
                arguments("run -- --json", "--json"));
    }

    @ParameterizedTest(name = "[{0}]")
    @MethodSource("unusable")
    void shouldRefuseWithStatus2AndSayWhy(String line, String part) {
        CommandRun.of(words(line)).assertUnusable("enclosure: ", part, "--help'.");
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(strings = {"--help", "-h", "--version", "-V", "run --help", "plugins --help", "ops --help",
            "script --help", "run -V",
            "run --arch x --help"})
    void shouldExplainItselfOnStandardOutput(String line) {
        assertTrue(CommandRun.of(words(line)).assertGood().out().contains("nclosure"));
    }

    @ParameterizedTest(name = "[{0}]")
    @ValueSource(strings = {"plugins", "plugins --verbose", "plugins --json", "ops --arch software",
            "ops --arch=software --json"})
    void shouldListWhatIsBuiltIn(String line) {
        assertTrue(CommandRun.of(words(line)).assertGood().out().contains("software"));
    }

    @Test
    void shouldNameTheDefaultsThatItReallyHas() {
        String help = CommandRun.of("run", "--help").out().replaceAll("\\s+", " ");
        assertTrue(help.contains("default " + Sizes.show(RunOptions.DEFAULT_MEMORY)), help);
        assertTrue(help.contains("1 to 512; default " + RunOptions.DEFAULT_VCPUS + "."), help);
        assertTrue(help.contains("come from; default " + RunOptions.DEFAULT_SEED + "."), help);
    }

    @Test
    void shouldListTraitsAndLegalPoliciesWithTheDefaultFirst() {
        String text = CommandRun.of("plugins", "--verbose").assertGood().out();
        assertTrue(text.contains("software / software-protected: "), text);
        assertTrue(text.contains("  traits               PRIVATE_MEMORY, "), text);
        assertTrue(text.contains("  policy trigger       explicit\n"), text);
        assertTrue(text.contains("  policy page          2m, 4k, 1g\n"), text);
        JsonNode json = JsonMapper.shared().readTree(CommandRun.of("plugins", "--json").assertGood().out());
        JsonNode type = json.at("/architectures/0/vmTypes/1");
        assertEquals("software-protected", type.get("id").stringValue());
        assertEquals("[\"explicit\"]", type.at("/policies/trigger").toString());
        assertEquals("[\"2m\",\"4k\",\"1g\"]", type.at("/policies/page").toString());
    }

    @Test
    void shouldNotLetGivenTextReachTheTerminalAsControls() {
        CommandRun.of("run", "--image", "a\0b").assertUnusable("'a\\x00b'");
        CommandRun.of("run", "--vcpus", "\u001b[2J\r\n").assertUnusable("'\\x1b[2J\\r\\n'");
        CommandRun.of("script", "x\u202ey\nz").assertUnusable("'x\\u{202e}y\\nz'");
        CommandRun.of("plu\u001bgins").assertUnusable("plu\\x1bgins");
        CommandRun.of("ops", "--arch", "a\nb").assertUnusable("'a\\nb'");
        CommandRun.of("run", "--policy", "a\nb").assertUnusable("a\\nb");
    }

    @Test
    void shouldCutValuesThatAreTooLongToRead() {
        assertTrue(CommandRun.of("run", "--vcpus", "9".repeat(100_000)).assertUnusable("...").err().length() < 1000);
        assertTrue(CommandRun.of("plugins", "9".repeat(100_000)).assertUnusable("...").err().length() < 2000);
    }

    @Test
    void shouldShowTheStackTraceOnlyWhenAsked() {
        CommandRun traced = CommandRun.of("run", "--vcpus", "0", "--stacktrace");
        assertEquals(2, traced.status());
        assertEquals("", traced.out());
        assertTrue(traced.err().contains("\tat org.enclosure.cli."), traced.err());
        CommandRun before = CommandRun.of("--stacktrace", "run", "--vcpus", "0");
        assertTrue(before.err().contains("\tat org.enclosure.cli."), before.err());
    }

    @Test
    void shouldTakePluginPathsFromTheVariableToo(@TempDir Path folder) throws IOException {
        Path missing = folder.resolve("missing.jar");
        Map<String, String> environment = Map.of("ENCLOSURE_PLUGINS", folder + File.pathSeparator + missing);
        CommandRun.of(CommandRun.NOT_REACHED, environment, "plugins").assertUnusable("ENCLOSURE_PLUGINS",
                "missing.jar");
        Path notAJar = Files.writeString(folder.resolve("x.jar"), "no jar");
        Map<String, String> broken = Map.of("ENCLOSURE_PLUGINS", File.pathSeparator + notAJar);
        CommandRun found = CommandRun.of(CommandRun.NOT_REACHED, broken, "plugins");
        assertEquals(1, found.status(), found.err());
        assertTrue(found.out().contains("software"), found.out());
        assertTrue(found.out().contains("error: "), found.out());
    }

    static String[] words(String line) {
        return line.isEmpty() ? new String[0] : line.split(" ");
    }
}
