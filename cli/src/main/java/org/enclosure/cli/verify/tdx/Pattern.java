package org.enclosure.cli.verify.tdx;

import java.util.regex.Matcher;

import org.enclosure.cli.verify.CaseFailure;

/// The one form in which files describe the bytes of a page: `(i*A+B) & 0xff`.
///
/// @param factor A
/// @param addend B
record Pattern(long factor, long addend) {
    private static final java.util.regex.Pattern FORM = java.util.regex.Pattern
            .compile("\\(i\\*(\\d{1,3})\\+(\\d{1,3})\\)\\s*&\\s*0xff");

    /// Reads it.
    ///
    /// @throws CaseFailure if it has another form
    static Pattern of(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw CaseFailure.unknown(text);
        }
        return new Pattern(Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2)));
    }
}
