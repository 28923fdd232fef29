package org.enclosure.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.enclosure.examples.UnusableInputException;

/// One command line and what came of it.
///
/// @param line the words, for messages
/// @param status the exit status
/// @param out what was written to standard output
/// @param err what was written to standard error
record CommandRun(String line, int status, String out, String err) {
    /// A runner for command lines that are to fail before anything runs.
    static final GuestRunner NOT_REACHED = (system, options, progress) -> {
        throw new AssertionError("the guest was run with " + options);
    };

    static CommandRun of(String... args) {
        return of(NOT_REACHED, Map.of(), args);
    }

    static CommandRun of(GuestRunner runner, Map<String, String> environment, String... args) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status;
        try (PrintStream outPrinter = new PrintStream(out, false, StandardCharsets.UTF_8);
                PrintStream errPrinter = new PrintStream(err, false, StandardCharsets.UTF_8)) {
            status = Main.execute(args, new Console(outPrinter, errPrinter, environment, false), runner);
        }
        return new CommandRun(String.join(" ", args), status, out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8));
    }

    static GuestRunner refusing(String message) {
        return (system, options, progress) -> {
            throw new UnusableInputException(message);
        };
    }

    /// Exit status 2: standard output is empty, at most three visible lines say why.
    CommandRun assertUnusable(String... parts) {
        assertEquals(2, status, () -> line + ": exit status; stderr: " + err);
        assertEquals("", out, () -> line + ": standard output");
        assertMessage(parts);
        return this;
    }

    /// Exit status 1 with a message.
    CommandRun assertBad(String... parts) {
        assertEquals(1, status, () -> line + ": exit status; stderr: " + err);
        assertMessage(parts);
        return this;
    }

    /// Exit status 0 and nothing on standard error.
    CommandRun assertGood() {
        assertEquals("", err, () -> line + ": standard error");
        assertEquals(0, status, () -> line + ": exit status");
        return this;
    }

    private void assertMessage(String... parts) {
        List<String> lines = err.lines().toList();
        assertTrue(lines.size() <= 3, () -> line + ": more than three lines: " + err);
        assertFalse(err.contains("\tat "), () -> line + ": a stack trace: " + err);
        assertTrue(err.chars().allMatch(c -> c == '\n' || c >= ' ' && (c < 0x7f || c > 0x9f)),
                () -> line + ": control characters: " + err);
        for (String part : parts) {
            assertTrue(err.contains(part), () -> line + ": '" + part + "' is not in: " + err);
        }
    }
}
