package org.enclosure.fuzz.cli;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;

import org.enclosure.cli.Main;

/// What came of a command line.
record Answer(String line, int status, String out, String err) {
    private static final int UNUSABLE = 2;
    private static final int MOST_LINES = 3;

    /// What a program says that did not look at its input.
    private static final Pattern CRASH = Pattern.compile("\tat |This is an error of the program or of a plugin"
            + "|NullPointerException|ClassCastException|IndexOutOfBoundsException|NegativeArraySizeException"
            + "|StackOverflowError|OutOfMemoryError|AssertionError|NoSuchElementException|ArithmeticException");

    /// Runs it inside this JVM.
    static Answer of(List<String> words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status;
        try (PrintStream outPrinter = new PrintStream(out, false, StandardCharsets.UTF_8);
                PrintStream errPrinter = new PrintStream(err, false, StandardCharsets.UTF_8)) {
            status = Main.execute(words.toArray(String[]::new), outPrinter, errPrinter);
        }
        return new Answer(words.toString(), status, out.toString(StandardCharsets.UTF_8),
                err.toString(StandardCharsets.UTF_8));
    }

    /// A status of 0 to 2; with 2 nothing on standard output; at most three lines of plain text on standard error, and never a crash.
    ///
    /// @param input what was given: messages quote it
    void check(byte[] input) {
        require(status >= 0 && status <= UNUSABLE, "this exit status");
        require(status != UNUSABLE || out.isEmpty(), "a result although nothing was run");
        require(err.lines().count() <= MOST_LINES, "more than three lines");
        require(err.chars().allMatch(c -> c == '\n' || c == '\t' || c >= ' ' && (c < 0x7f || c > 0x9f)),
                "control characters");
        String given = new String(input, StandardCharsets.ISO_8859_1);
        require(!CRASH.matcher(err + out).results().anyMatch(found -> !given.contains(found.group())), "a crash");
    }

    private void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError(what + ": " + this);
        }
    }
}
