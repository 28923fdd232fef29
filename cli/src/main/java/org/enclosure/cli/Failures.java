package org.enclosure.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Set;

import org.enclosure.api.GuestMemoryException;
import org.enclosure.examples.UnusableInputException;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/// Turns whatever ended a command into at most three lines and an exit status.
final class Failures {
    /// It ran and the result is bad.
    static final int BAD = 1;
    /// What was given cannot be used.
    static final int UNUSABLE = 2;

    private final Console console;
    private final RootCommand root;

    Failures(Console console, RootCommand root) {
        this.console = console;
        this.root = root;
    }

    /// A command line that picocli cannot match.
    int unusable(ParameterException failure, String[] args) {
        return unusable(message(failure), failure, failure.getCommandLine());
    }

    private static String message(ParameterException failure) {
        Set<String> commands = failure.getCommandLine().getSubcommands().keySet();
        if (failure instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()
                && !commands.isEmpty()) {
            return "command " + Escape.quote(unmatched.getUnmatched().getFirst()) + " is not known; there are: "
                    + String.join(", ", commands);
        }
        return failure.getMessage() + suggestions(failure);
    }

    private static String suggestions(ParameterException failure) {
        List<String> near = failure instanceof UnmatchedArgumentException unmatched ? unmatched.getSuggestions()
                : List.of();
        return near.isEmpty() ? "" : "; did you mean " + String.join(", ", near) + "?";
    }

    /// A command that threw.
    int thrown(Exception failure, CommandLine line, ParseResult parsed) {
        if (failure instanceof UnusableInput || failure instanceof UnusableInputException) {
            return unusable(String.valueOf(failure.getMessage()), failure, line);
        }
        if (failure instanceof GuestMemoryException) {
            print(Messages.of(failure), failure);
            return BAD;
        }
        return crashed(failure);
    }

    /// The program or a plugin is broken. picocli lets errors through: a plugin whose classes do not link ends here too.
    int crashed(Throwable failure) {
        print(failure.getClass().getSimpleName() + ": " + Messages.of(failure), failure);
        if (!root.stacktrace()) {
            console.err().println("This is an error of the program or of a plugin; --stacktrace shows where.");
        }
        return BAD;
    }

    private int unusable(String message, Exception failure, CommandLine line) {
        print(message, failure);
        console.err().println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
        return UNUSABLE;
    }

    private void print(String message, Throwable failure) {
        PrintStream err = console.err();
        err.println("enclosure: " + Escape.line(message));
        if (root.stacktrace()) {
            failure.printStackTrace(err);
        }
    }
}
