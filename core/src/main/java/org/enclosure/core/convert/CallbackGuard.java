package org.enclosure.core.convert;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;
import org.jspecify.annotations.Nullable;

/// Knows whether the calling thread is inside of embedder's code that must not change memory: a policy or a participant.
public final class CallbackGuard {
    private static final ThreadLocal<@Nullable String[]> INSIDE = ThreadLocal.withInitial(() -> new String[1]);

    private CallbackGuard() {
    }

    /// The thread enters a callback.
    ///
    /// @return the callback that it was in, for `leave`
    static @Nullable String enter(String name) {
        @Nullable String[] cell = INSIDE.get();
        String outer = cell[0];
        cell[0] = name;
        return outer;
    }

    /// The thread leaves a callback.
    static void leave(@Nullable String outer) {
        INSIDE.get()[0] = outer;
    }

    /// Whether the calling thread is inside of one.
    public static boolean isInside() {
        return INSIDE.get()[0] != null;
    }

    /// Refuses a change from inside of a callback.
    ///
    /// @param call what was called
    public static void check(String call) {
        String inside = INSIDE.get()[0];
        if (inside != null) {
            throw new GuestMemoryException(Errno.EBUSY, call + " was called from inside of " + inside
                    + "; change memory from an exit handler or another thread instead");
        }
    }
}
