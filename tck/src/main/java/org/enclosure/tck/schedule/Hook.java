package org.enclosure.tck.schedule;

import java.util.concurrent.locks.ReentrantLock;

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
                turn.schedule().pause(turn);
            }
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
}
