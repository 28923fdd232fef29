package org.enclosure.cli;

/// Makes text of unknown origin (file names, option values, what a plugin says) safe to show on a terminal, on one line.
public final class Escape {
    private static final int LONGEST_QUOTE = 120;
    private static final int LONGEST_LINE = 1000;

    private Escape() {
    }

    /// The text with everything that is not plainly visible written as an escape.
    public static String visible(String text) {
        StringBuilder shown = null;
        for (int i = 0; i < text.length();) {
            int codePoint = text.codePointAt(i);
            if (isPlain(codePoint)) {
                if (shown != null) {
                    shown.appendCodePoint(codePoint);
                }
            } else {
                if (shown == null) {
                    shown = new StringBuilder(text.length() + 16).append(text, 0, i);
                }
                append(shown, codePoint);
            }
            i += Character.charCount(codePoint);
        }
        return shown == null ? text : shown.toString();
    }

    /// The text visible, in single quotes, cut when it is long.
    public static String quote(String text) {
        return "'" + visible(cut(text, LONGEST_QUOTE)) + "'";
    }

    /// The text visible, cut when nobody would read on.
    static String line(String text) {
        return visible(cut(text, LONGEST_LINE));
    }

    private static String cut(String text, int length) {
        return text.length() <= length ? text : text.substring(0, length) + "...";
    }

    private static boolean isPlain(int codePoint) {
        if (codePoint < 0x7f) {
            return codePoint >= ' ';
        }
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR ->
                false;
            default -> true;
        };
    }

    private static void append(StringBuilder shown, int codePoint) {
        switch (codePoint) {
            case '\n' -> shown.append("\\n");
            case '\r' -> shown.append("\\r");
            case '\t' -> shown.append("\\t");
            default -> {
                if (codePoint < 0x100) {
                    shown.append("\\x").append(hex(codePoint, 2));
                } else {
                    shown.append("\\u{").append(Integer.toHexString(codePoint)).append('}');
                }
            }
        }
    }

    private static String hex(int value, int digits) {
        String hex = Integer.toHexString(value);
        return "0".repeat(Math.max(0, digits - hex.length())) + hex;
    }
}
