package org.enclosure.cli.verify.cca;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Numbers;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/// What an action came to, by the names that the files use.
final class Result {
    private final RealmRun.Action action;
    private final Map<String, String> texts = new LinkedHashMap<>();
    private List<Long> registers = List.of();

    Result(RealmRun.Action action) {
        this.action = action;
    }

    Result with(String name, long value) {
        return with(name, Numbers.show(value));
    }

    Result with(String name, String value) {
        texts.put(name, value);
        return this;
    }

    Result with(String name, List<Long> values) {
        registers = List.copyOf(values);
        return with(name, values.toString());
    }

    /// Compares the list of a step with what was done.
    static void compare(List<JsonNode> expected, List<Result> actual) {
        for (int i = 0; i < Math.max(expected.size(), actual.size()); i++) {
            String place = "rec_enter realm action " + i;
            if (i >= expected.size() || i >= actual.size()) {
                throw CaseFailure.difference(place, "", i < expected.size() ? expected.get(i).toString() : "none",
                        i < actual.size() ? actual.get(i).toString() : "none");
            }
            actual.get(i).compare(place, Fields.of(place, expected.get(i)));
        }
    }

    private void compare(String place, Fields expected) {
        for (String name : expected.names()) {
            switch (name) {
                case "op" -> text(place, name, expected.text(name), action.kind());
                case "rsi", "other_pe" -> text(place, name, action.kind() + " " + expected.node(name).asString(),
                        name + " " + action.name());
                case "args" -> numbers(place, name, CcaCalls.numbers(expected, name), action.numbers(), true);
                case "x" -> numbers(place, name, CcaCalls.numbers(expected, name), registers, false);
                case "by", "pas", "fault" -> text(place, name, expected.text(name), texts.get(name));
                case "undef" -> text(place, name, "" + expected.flag(name), texts.get(name));
                case "ok", "sea", "far", "emulated" ->
                    text(place, name, Numbers.show(expected.number(name)), texts.get(name));
                default -> throw CaseFailure.unknown(name);
            }
        }
    }

    private void text(String place, String name, String expected, @Nullable String actual) {
        if (!expected.equals(actual)) {
            throw CaseFailure.difference(place, name, expected, actual == null ? "none of " + this : actual);
        }
    }

    private void numbers(String place, String name, List<Long> expected, List<Long> actual, boolean isWhole) {
        boolean isSame = expected.size() <= actual.size() && (!isWhole || expected.size() == actual.size())
                && expected.equals(actual.subList(0, expected.size()));
        if (!isSame) {
            throw CaseFailure.difference(place, name, show(expected), show(actual));
        }
    }

    private static String show(List<Long> numbers) {
        return numbers.stream().map(Numbers::show).toList().toString();
    }

    @Override
    public String toString() {
        return action.kind() + " " + action.name() + action.operands() + " " + texts;
    }
}
