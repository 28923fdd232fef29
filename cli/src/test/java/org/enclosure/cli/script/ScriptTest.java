package org.enclosure.cli.script;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

import org.enclosure.cli.UnusableInput;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScriptTest {
    @TempDir Path folder = Path.of("");

    @Test
    void shouldReadTheSameScriptFromYamlAndJson() {
        Script yaml = read("s.yaml", """
                arch: toy
                machine: {memory: 1M, base: 0x80000000, options: {size: 3, name: x}}
                steps:
                  - op: CALC.ADD
                    in: {a: 0x10, b: 010}
                    out: {status: OK, sum: "0x1A"}
                    repeat: 2
                    stride: {a: -8}
                    note: adds
                """);
        Script json = read("s.json",
                """
                        {"arch": "toy", "machine": {"memory": 1048576, "base": "0x80000000", "options": {"size": 3, "name": "x"}},
                         "steps": [{"op": "CALC.ADD", "in": {"a": "0x10", "b": "010"}, "out": {"status": "OK", "sum": "0x1A"},
                                    "repeat": 2, "stride": {"a": -8}, "note": "adds"}]}
                        """);
        assertEquals(json, yaml);
        assertEquals(new MachineOptions(1 << 20, 0x80000000L, Map.of("size", "3", "name", "x")), yaml.machine());
    }

    @Test
    void shouldPassWhenEveryOutputIsAsExpected() {
        ScriptResult result = run("""
                arch: toy
                steps:
                  - {op: CALC.ADD, in: {a: 1, b: 0xfff}, out: {sum: 0x1000, status: 0}}
                  - {op: CALC.ADD, in: {a: 0xffffffffffffffff, b: 1}, out: {sum: 0, status: WRAPPED}}
                  - {op: CALC.ADD, in: {a: -1, b: 0}, out: {sum: "0xffffffffffffffff"}}
                  - {op: CALC.ADD, in: {a: -1, b: 1}, out: {status: -22}}
                  - {op: BYTES.REVERSE, in: {data: "0x0a0B"}, out: {data: "0b0a", length: 2}}
                  - {op: BYTES.REVERSE, in: {data: ""}, out: {data: ""}}
                  - {op: TEST.LIMIT, in: {pa: 0x3fffff8}}
                """);
        assertNull(result.difference());
        assertEquals("7 steps passed", result.line());
    }

    @Test
    void shouldStopAtTheFirstDifference() {
        ScriptResult result = run("""
                arch: toy
                steps:
                  - {op: CALC.ADD, in: {a: 1, b: 1}, out: {sum: 2}}
                  - {op: CALC.ADD, in: {a: -1, b: 1}, out: {sum: 0, status: OK}}
                  - {op: TEST.LIMIT, in: {pa: 0x7fffffffffffffff}}
                """);
        assertEquals("step 2 CALC.ADD: status expected 0x0 (OK) actual 0xffffffffffffffea (WRAPPED)", line(result));
        assertEquals("1 step passed of 3", result.line());
    }

    @Test
    void shouldCompareOnlyWhatIsListed() {
        assertNull(run("arch: toy\nsteps: [{op: CALC.ADD, in: {a: -1, b: 1}}]").difference());
        assertEquals("step 1 BYTES.REVERSE: data expected 0102 actual 0201",
                line(run("arch: toy\nsteps: [{op: BYTES.REVERSE, in: {data: '0102'}, out: {data: '0102'}}]")));
    }

    @Test
    void shouldRepeatWithAStrideAndSayWhichRepetitionDiffers() {
        assertNull(run("arch: toy\nsteps: [{op: TEST.LIMIT, in: {pa: 0}, repeat: 16384, stride: {pa: 0x1000}}]")
                .difference());
        String growing = "arch: toy\nsteps: [{op: CALC.ADD, in: {a: 1, b: 4}, out: {sum: 5}, repeat: 5, stride: {a: 1, b: %s}}]";
        assertNull(run(growing.formatted("-1")).difference());
        assertEquals("step 1 CALC.ADD (repetition 2 of 5): sum expected 0x5 actual 0x7",
                line(run(growing.formatted("1"))));
    }

    @Test
    void shouldTakeARefusalAtRunTimeForADifference() {
        ScriptResult result = run("arch: toy\nsteps: [{op: TEST.LIMIT, in: {pa: 0x4000000}}]");
        assertEquals("step 1 TEST.LIMIT: exception expected none actual refused: no memory at 0x4000000", line(result));
    }

    static Stream<Arguments> unusable() {
        return Stream.of(
                arguments("{op: CALC.ADDD, in: {a: 1, b: 1}}", "unknown operation 'CALC.ADDD'; nearest are CALC.ADD, "),
                arguments("{op: CALC.ADD, in: {a: 1}}",
                        "step 1 CALC.ADD: operand 'b' is missing: a small number (12 bits)"),
                arguments("{op: CALC.ADD}", "operand 'a' is missing"),
                arguments("{op: CALC.ADD, in: {a: 1, b: 1, c: 1}}", "operand 'c' does not exist; legal are a, b"),
                arguments("{op: CALC.ADD, in: {a: 1, b: 0x1000}}",
                        "operand 'b' 0x1000 is too wide for 12 bits: legal is 0 to 0xfff"),
                arguments("{op: CALC.ADD, in: {a: 1, b: -1}}", "operand 'b' -0x1 is too wide"),
                arguments("{op: CALC.ADD, in: {a: 0x10000000000000000, b: 1}}",
                        "legal is -0x8000000000000000 to 0xffffffffffffffff"),
                arguments("{op: CALC.ADD, in: {a: -9223372036854775809, b: 1}}", "is too wide for 64 bits"),
                arguments("{op: CALC.ADD, in: {a: x, b: 1}}", "operand 'a' 'x' is not a number"),
                arguments("{op: CALC.ADD, in: {a: 1.5, b: 1}}", "step 1.in.a is neither an integer nor a text"),
                arguments("{op: CALC.ADD, in: {a: true, b: 1}}", "step 1.in.a is neither"),
                arguments("{op: CALC.ADD, in: {a: [1], b: 1}}", "step 1.in.a is neither"),
                arguments("{op: CALC.ADD, in: [1, 2]}", "step 1.in is not a map"),
                arguments("{op: CALC.ADD, in: {a: 1, b: 1}, repeat: 0}", "repeat '0' is not a number from 1"),
                arguments("{op: CALC.ADD, in: {a: 1, b: 1}, repeat: 4294967296}", "is not a number from 1"),
                arguments("{op: CALC.ADD, in: {a: 1, b: 4090}, repeat: 7, stride: {b: 1}}",
                        "of the last repetition 0x1000 is too wide"),
                arguments("{op: CALC.ADD, in: {a: 1, b: 1}, stride: {c: 1}}", "stride of 'c' does not exist"),
                arguments("{op: CALC.ADD, in: {a: 1, b: 1}, stride: {a: x}}", "stride that is not a number"),
                arguments("{op: BYTES.REVERSE, in: {data: '00'}, stride: {data: 1}}", "is bytes and has no stride"),
                arguments("{op: BYTES.REVERSE, in: {data: 1234}}", "is not bytes: a quoted text"),
                arguments("{op: BYTES.REVERSE, in: {data: '123'}}", "is not bytes"),
                arguments("{op: CALC.ADD, in: {a: 1, b: 1}, out: {total: 1}}",
                        "output 'total' does not exist; legal are sum, status"),
                arguments("{op: CALC.ADD, in: {a: 1, b: 1}, out: {status: FINE}}",
                        "'FINE' is neither a number nor one of OK, WRAPPED"),
                arguments("{op: BYTES.REVERSE, in: {data: ''}, out: {length: 256}}", "0x100 is too wide for 8 bits"),
                arguments("{op: CALC.ADD, in: {a: 1, b: 1}, expect: {sum: 1}}",
                        "step 1 has an unknown member 'expect'; known are op, in"),
                arguments("{in: {a: 1, b: 1}}", "step 1 has no 'op'"), arguments("{op: 7}", "'op' is not a text"),
                arguments("7", "step 1 is not a map"));
    }

    @ParameterizedTest(name = "[{0}]")
    @MethodSource("unusable")
    void shouldRefuseAStepThatDoesNotFitBeforeAnythingRuns(String step, String part) {
        assertUnusable("arch: toy\nsteps: [" + step + "]", part);
        // TEST.LIMIT would fail at run time: that it is not heard of shows that nothing ran.
        String second = part.replace("step 1", "step 2");
        assertUnusable("arch: toy\nsteps:\n- {op: TEST.LIMIT, in: {pa: -8}}\n- " + step + "\n", second);
    }

    static Stream<Arguments> malformed() {
        return Stream.of(arguments("arch: toy", "script has no 'steps'"),
                arguments("steps: [{op: X}]", "script has no 'arch'"),
                arguments("arch: toy\nsteps: []", "at least one step"),
                arguments("arch: toy\nsteps: {op: X}", "not a list"),
                arguments("arch: ''\nsteps: [{op: X}]", "'arch' is not a text"),
                arguments("[1, 2]", "script is not a map"), arguments("just text", "not a map"),
                arguments("arch: toy\nstep: []\nsteps: [{op: X}]", "unknown member 'step'"),
                arguments("arch: toy\nmachine: {memroy: 1M}\nsteps: [{op: X}]",
                        "machine has an unknown member 'memroy'; known are memory, base, options"),
                arguments("arch: toy\nmachine: {memory: 1K}\nsteps: [{op: X}]",
                        "machine.memory 1K is out of range: legal is 4K to 4T"),
                arguments("arch: toy\nmachine: {memory: 5000}\nsteps: [{op: X}]", "not a multiple of 4K"),
                arguments("arch: toy\nmachine: {memory: lots}\nsteps: [{op: X}]", "'lots' is not a size"),
                arguments("arch: toy\nmachine: {base: 12}\nsteps: [{op: X}]", "machine.base 0xc is not legal"),
                arguments("arch: toy\nmachine: {base: 0xfffffffffffff000}\nsteps: [{op: X}]",
                        "is not an address below 0x10000000000000"),
                arguments("arch: toy\nmachine: {base: 0xffffffffff000}\nsteps: [{op: X}]", "base + memory at most"),
                arguments("arch: toy\nmachine: {options: {size: 1}}\nsteps: [{op: X}]",
                        "machine: toy refuses it: unknown option {size=1}"),
                arguments("arch: toy\narch: toy\nsteps: [{op: X}]", "at line 2, column"),
                arguments("arch: toy\nsteps: [", "at line "),
                arguments("arch: [toy\n",
                        "at line 2, column 1: while parsing a flow sequence expected ',' or ']', but got <stream end>"),
                arguments("arch: toy\n\tsteps: 1",
                        "at line 2, column 1: while scanning for the next token found character"),
                arguments("{\"arch\": [", "expected close marker for Array"),
                arguments("\"arch: toy", "cannot be parsed"),
                arguments("{\"arch\": \"toy\",, }", "cannot be parsed at line 1, column 16"),
                arguments("{} {}", "a second document begins; legal is one"),
                arguments("arch: toy\n---\narch: toy", "a second document begins"), arguments("", "is empty"),
                arguments(" \n ", "is empty"),
                arguments("# nothing", "not a map"), arguments("null", "not a map"));
    }

    @ParameterizedTest(name = "[{0}]")
    @MethodSource("malformed")
    void shouldRefuseWhatIsNoScript(String text, String part) {
        assertUnusable(text, part);
    }

    @Test
    void shouldRefuseAFileThatIsNoText() throws IOException {
        Path file = Files.write(folder.resolve("s.yaml"), new byte[] {'a', ':', ' ', (byte) 0xff, (byte) 0xfe});
        assertTrue(message(assertThrows(UnusableInput.class, () -> ScriptReader.read(file))).contains("is not UTF-8"));
        byte[] marked = "\ufeffarch: toy\nsteps: [{op: X}]".getBytes(StandardCharsets.UTF_8);
        assertEquals("toy", ScriptReader.read(Files.write(file, marked)).arch());
    }

    @ParameterizedTest
    @ValueSource(strings = {"s.yaml", "s.json"})
    void shouldSurviveDeepNesting(String name) {
        UnusableInput refused = assertThrows(UnusableInput.class, () -> read(name, "[".repeat(100_000)));
        assertTrue(message(refused).length() < 1000, message(refused));
    }

    @Test
    void shouldReserveMemoryWithoutSpendingIt() {
        Script script = read("s.yaml", """
                arch: toy
                machine: {memory: 64G, base: 0x1000}
                steps: [{op: TEST.LIMIT, in: {pa: 0x1000}, repeat: 64, stride: {pa: 0x40000000}}]
                """);
        try (BareMachine machine = BareMachine.open(new ToyProvider(), script.machine())) {
            assertNull(ScriptResult.of(script, machine).difference());
        }
    }

    private Script read(String name, String text) {
        try {
            return ScriptReader.read(Files.writeString(folder.resolve(name), text));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ScriptResult run(String yaml) {
        Script script = read("s.yaml", yaml);
        try (BareMachine machine = BareMachine.open(new ToyProvider(), script.machine())) {
            return ScriptResult.of(script, machine);
        }
    }

    private void assertUnusable(String text, String part) {
        String message = message(assertThrows(UnusableInput.class, () -> run(text), text));
        assertTrue(message.contains(part), () -> "'" + part + "' is not in: " + message);
    }

    private static String line(ScriptResult result) {
        Difference difference = result.difference();
        assertNotNull(difference);
        return difference.line();
    }

    private static String message(UnusableInput refused) {
        return String.valueOf(refused.getMessage());
    }
}
