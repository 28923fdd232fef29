package org.enclosure.cli;

import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import tools.jackson.core.JacksonException;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.databind.exc.MismatchedInputException;

/// What a parser of JSON or YAML has to say, in one line: where, and what is wrong there.
final class ParserMessage {
    /// Where YAML's own parser stopped; Jackson's location is that of the token before.
    private static final Pattern YAML_MARK = Pattern.compile("in reader, line (\\d+), column (\\d+)");
    /// Where the list or object began that does not end. Jackson shows this place without line and column.
    private static final Pattern JSON_START = Pattern.compile("\\s*\\((start marker|for \\w+ starting) at \\[Source.*");

    private ParserMessage() {
    }

    static String of(JacksonException failure) {
        String message = String.valueOf(failure.getOriginalMessage());
        return where(failure, message) + ": " + Escape.visible(what(failure, message));
    }

    private static String where(JacksonException failure, String message) {
        Matcher matcher = YAML_MARK.matcher(message);
        MatchResult mark = matcher.results().reduce((_, last) -> last).orElse(null);
        if (mark != null) {
            return " at line " + mark.group(1) + ", column " + mark.group(2);
        }
        TokenStreamLocation location = failure.getLocation();
        return location == null ? "" : " at line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    private static String what(JacksonException failure, String message) {
        if (failure instanceof MismatchedInputException) {
            return "a second document begins; legal is one";
        }
        // YAML's parser shows the lines that it speaks of, indented
        String sentence = message.lines().filter(line -> !line.isBlank() && !line.startsWith(" "))
                .collect(Collectors.joining(" "));
        return JSON_START.matcher(sentence).replaceAll("");
    }
}
