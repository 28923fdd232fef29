package org.enclosure.core.loading;

import org.jspecify.annotations.Nullable;

/// A throwable in one line, because a finding is one line.
final class OneLine {
    private OneLine() {
    }

    /// The name of its class and the first line of its message.
    static String of(Throwable throwable) {
        String message = message(throwable);
        String name = throwable.getClass().getSimpleName();
        return message == null ? name : name + ": " + message.lines().findFirst().orElse("").strip();
    }

    /// A plugin's exception may throw even when it is asked for its message.
    private static @Nullable String message(Throwable throwable) {
        try {
            return throwable.getMessage();
        } catch (Exception | LinkageError _) {
            return null;
        }
    }
}
