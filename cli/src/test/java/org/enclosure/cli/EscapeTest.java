package org.enclosure.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class EscapeTest {
    @Test
    void shouldLeaveVisibleTextAlone() {
        String text = "plain 'text' ünï 日本 😀";
        assertSame(text, Escape.visible(text));
    }

    @Test
    void shouldShowWhatATerminalWouldObeyOrHide() {
        assertEquals("a\\nb\\r\\t\\x1b[0m\\x00\\x7f\\x9b", Escape.visible("a\nb\r\t\u001b[0m\0\u007f\u009b"));
        assertEquals("\\u{202e}\\u{200b}\\u{2028}\\u{d800}x", Escape.visible("\u202e\u200b\u2028\ud800x"));
    }

    @Test
    void shouldCutLongQuotes() {
        assertEquals("'" + "x".repeat(120) + "...'", Escape.quote("x".repeat(121)));
        assertEquals("'" + "x".repeat(120) + "'", Escape.quote("x".repeat(120)));
    }
}
