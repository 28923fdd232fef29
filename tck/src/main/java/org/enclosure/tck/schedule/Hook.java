package org.enclosure.tck.schedule;

import java.util.concurrent.locks.ReentrantLock;

import org.jspecify.annotations.Nullable;

/// What woven code calls. On a thread that no scheduler runs it does what the code did before.
public final class Hook {
    private Hook() {
    }

    /// A step of a protocol is about to be made.
    public static void point(String where) {
        if (Thread.currentThread() instanceof Turn turn) {
            turn.schedule().point(turn, where);
        }
    }

    /// The thread waits for another one.
    public static void pause() {
        if (Thread.currentThread() instanceof Turn turn) {
            turn.schedule().pause(turn);
        } else {
            Thread.onSpinWait();
        }
    }

    /// Takes a lock; waits for it by giving turns away.
    public static void lock(ReentrantLock lock) {
        if (Thread.currentThread() instanceof Turn turn) {
            turn.schedule().point(turn, "lock");
            while (!lock.tryLock()) {
                Touch.whole(lock, false);
                turn.schedule().pause(turn);
            }
            Touch.whole(lock, true);
        } else {
            lock.lock();
        }
    }

    /// A monitor is about to be entered.
    public static void beforeMonitor(Object monitor) {
        if (Thread.currentThread() instanceof Turn turn) {
            turn.schedule().beforeMonitor(turn, monitor);
        }
    }

    /// A monitor was left.
    public static void afterMonitor(Object monitor) {
        if (Thread.currentThread() instanceof Turn turn) {
            turn.schedule().afterMonitor(turn, monitor);
        }
    }

    /// A step of the invalidate protocol is made: the next instruction, or the last one, and nobody came in between.
    ///
    /// @param domain the numbering of pages that it belongs to
    /// @param holder whose marks or translations it is about, or null
    /// @param step where it stands in the code
    /// @param first its first two numbers, for example a range of pages; -1 for none
    /// @param flag its first `int` or `boolean`; -1 for none
    public static void event(Object domain, @Nullable Object holder, String step, long first, long second, int flag) {
        if (Thread.currentThread() instanceof Turn turn) {
            turn.schedule().event(new Event(turn.index(), domain, holder, step, first, second, flag));
        }
    }
}
