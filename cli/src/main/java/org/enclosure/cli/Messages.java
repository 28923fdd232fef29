package org.enclosure.cli;

import org.enclosure.api.GuestMemoryException;

/// What to say of an exception.
final class Messages {
    private Messages() {
    }

    /// The message in one visible line; the error number of an API error, which its message starts with, is left out.
    static String of(Throwable thrown) {
        String message = String.valueOf(thrown.getMessage());
        String prefix = thrown instanceof GuestMemoryException refused ? refused.errno() + ": " : "";
        return Escape.visible(message.startsWith(prefix) ? message.substring(prefix.length()) : message);
    }
}
