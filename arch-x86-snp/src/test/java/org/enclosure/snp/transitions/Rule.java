package org.enclosure.snp.transitions;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/// How a row is run: what its words leave open. What it expects is read from the row; only where that says more than one thing, or
/// nothing that can be compared, it is said here.
final class Rule {
    private static final Pattern STATE = Pattern.compile("[A-Z_*]{4,}.*");
    private static final Pattern SIZE = Pattern.compile("[A-Z_*]+(\\+VMSA)?( 2M| x512| 4K).*");
    private static final Pattern EAX = Pattern.compile("EAX=(\\d)( CF=\\d)?([ ;].*)?");
    private static final Pattern NPF = Pattern.compile("#VMEXIT\\(NPF\\) ([A-Z|]+).*");
    private static final Pattern FIRMWARE = Pattern.compile("(0x[0-9A-F]{2}) .*");
    private static final Pattern GOOD = Pattern.compile("0(?![x0-9]).*");

    final String instruction;
    private final Function<Trial, String> step;
    private @Nullable List<String> starts;
    private @Nullable String answer;
    private @Nullable String end;
    private boolean isCodeOpen;
    private Consumer<Trial> arrange = trial -> {
    };
    private Consumer<Trial> after = trial -> {
    };

    Rule(String instruction, Function<Trial, String> step) {
        this.instruction = instruction;
        this.step = step;
    }

    /// The states before, in place of the row's.
    Rule from(String... states) {
        starts = List.of(states);
        return this;
    }

    /// What else is prepared.
    Rule arrange(Consumer<Trial> preparation) {
        arrange = preparation;
        return this;
    }

    /// What is answered.
    Rule answers(String text) {
        answer = text;
        return this;
    }

    /// That it is refused; the code is of low confidence, or left open.
    Rule refuses() {
        isCodeOpen = true;
        return this;
    }

    /// The state afterwards: as a cell of the table, or "open" if `after` looks at it.
    Rule to(String state) {
        end = state;
        return this;
    }

    /// What else must be true afterwards.
    Rule after(Consumer<Trial> check) {
        after = check;
        return this;
    }

    /// Runs the row from each state that it means.
    void run(Row row) {
        List<Start> states = new ArrayList<>();
        for (String cell : starts == null ? List.of(row.from()) : starts) {
            states.addAll(Start.of(cell));
        }
        assertTrue(!states.isEmpty(), "states before");
        for (Start state : states) {
            try (Trial trial = new Trial(state)) {
                runFrom(trial, row);
            } catch (AssertionError e) {
                throw new AssertionError("from " + state + ": " + e.getMessage(), e);
            }
        }
    }

    private void runFrom(Trial trial, Row row) {
        arrange.accept(trial);
        trial.remember();
        String answered = step.apply(trial);
        if (isCodeOpen) {
            assertNotEquals("EAX=0", answered);
            assertNotEquals("0x00", answered);
        } else {
            assertEquals(answer == null ? expected(row.result()) : answer, answered, "answer");
        }
        checkEnd(trial, end == null ? row.to() : end);
        after.accept(trial);
    }

    private static void checkEnd(Trial trial, String cell) {
        if (cell.startsWith("unchanged")) {
            trial.assertUnchanged();
        } else if (!cell.equals("open")) {
            assertTrue(STATE.matcher(cell).matches(), "no state of a page: " + cell);
            String isSame = cell.replace("GUEST_*", trial.start.name());
            trial.assertState(Start.of(isSame).getFirst(), SIZE.matcher(isSame).matches());
        }
    }

    /// The answer that a row's words mean.
    private static String expected(String result) {
        Matcher eax = EAX.matcher(result);
        if (eax.matches()) {
            return "EAX=" + eax.group(1) + (eax.group(2) == null ? "" : eax.group(2));
        }
        Matcher npf = NPF.matcher(result);
        if (npf.matches()) {
            return "NPF " + npf.group(1);
        }
        Matcher firmware = FIRMWARE.matcher(result);
        if (firmware.matches()) {
            return firmware.group(1);
        }
        if (GOOD.matcher(result).matches()) {
            return "0x00";
        }
        return switch (result.split(" ", 2)[0]) {
            case "#VC" -> "VC 0x404";
            case "#GP", "#GP(0)" -> "GP";
            case "#UD" -> "UD";
            case "#PF" -> "PF RMP";
            case "ok" -> "OK";
            default -> throw new AssertionError("no answer to compare with: '" + result + "'");
        };
    }
}
