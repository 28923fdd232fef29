package org.enclosure.cli.script;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.enclosure.cli.DocumentFile;
import org.enclosure.cli.Escape;
import org.enclosure.cli.Members;
import org.enclosure.cli.Sizes;
import org.enclosure.cli.UnusableInput;
import org.enclosure.cli.Value;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// Reads a script's values out of its document. Knows the shape of a script, but no architecture.
public final class ScriptReader {
    private static final long MOST_REPEATS = Integer.MAX_VALUE;

    private ScriptReader() {
    }

    /// Reads a file: JSON if its name ends in `.json` or its text starts with a brace, else YAML.
    ///
    /// @throws UnusableInput if it cannot be read or parsed (with line and column), or is no script (with the place)
    public static Script read(Path file) {
        JsonNode root = DocumentFile.read("script", file);
        Members script = Members.of("script", root);
        String arch = script.text("arch");
        MachineOptions machine = machine(script.optional("machine"));
        List<Script.Step> steps = steps(script.required("steps"));
        script.nothingElse();
        return new Script(arch, machine, steps);
    }

    private static MachineOptions machine(@Nullable JsonNode node) {
        MachineOptions defaults = MachineOptions.defaults();
        if (node == null) {
            return defaults;
        }
        Members machine = Members.of("machine", node);
        JsonNode memory = machine.optional("memory");
        JsonNode base = machine.optional("base");
        JsonNode options = machine.optional("options");
        machine.nothingElse();
        return new MachineOptions(memory == null ? defaults.memoryBytes() : memory(memory),
                base == null ? defaults.base() : address(base), options == null ? Map.of() : options(options));
    }

    private static long memory(JsonNode node) {
        Value value = Value.of("machine.memory", node);
        BigInteger number = value.number();
        return Sizes.parse("machine.memory", number == null ? value.text() : number.toString(), 4096,
                MachineOptions.MAX_MEMORY);
    }

    private static long address(JsonNode node) {
        Value value = Value.of("machine.base", node);
        BigInteger number = value.number();
        if (number == null || number.signum() < 0 || number.bitLength() > 52) {
            throw new UnusableInput("machine.base " + Escape.quote(value.text()) + " is not an address below 0x"
                    + Long.toHexString(MachineOptions.ADDRESS_LIMIT));
        }
        return number.longValueExact();
    }

    private static Map<String, String> options(JsonNode node) {
        Map<String, String> options = new LinkedHashMap<>();
        values("machine.options", node).forEach((name, value) -> options.put(name, value.text()));
        return options;
    }

    private static List<Script.Step> steps(JsonNode node) {
        if (!node.isArray() || node.isEmpty()) {
            throw new UnusableInput("steps is not a list of at least one step");
        }
        List<Script.Step> steps = new ArrayList<>();
        for (JsonNode step : node) {
            steps.add(step(steps.size() + 1, step));
        }
        return steps;
    }

    private static Script.Step step(int number, JsonNode node) {
        String place = "step " + number;
        Members members = Members.of(place, node);
        String op = members.text("op");
        Map<String, Value> in = optionalValues(place + ".in", members.optional("in"));
        Map<String, Value> out = optionalValues(place + ".out", members.optional("out"));
        long repeat = repeat(place + ".repeat", members.optional("repeat"));
        Map<String, Value> stride = optionalValues(place + ".stride", members.optional("stride"));
        JsonNode note = members.optional("note");
        members.nothingElse();
        return new Script.Step(number, op, in, out, repeat, stride,
                note == null ? "" : Value.of(place + ".note", note).text());
    }

    private static long repeat(String place, @Nullable JsonNode node) {
        if (node == null) {
            return 1;
        }
        Value value = Value.of(place, node);
        BigInteger number = value.number();
        if (number == null || number.signum() <= 0 || number.compareTo(BigInteger.valueOf(MOST_REPEATS)) > 0) {
            throw new UnusableInput(
                    place + " " + Escape.quote(value.text()) + " is not a number from 1 to " + MOST_REPEATS);
        }
        return number.longValueExact();
    }

    private static Map<String, Value> optionalValues(String place, @Nullable JsonNode node) {
        return node == null ? Map.of() : values(place, node);
    }

    private static Map<String, Value> values(String place, JsonNode node) {
        if (!node.isObject()) {
            throw new UnusableInput(place + " is not a map of names to values");
        }
        Map<String, Value> values = new LinkedHashMap<>();
        for (Map.Entry<String, JsonNode> entry : node.properties()) {
            values.put(entry.getKey(), Value.of(place + "." + Escape.visible(entry.getKey()), entry.getValue()));
        }
        return values;
    }
}
