package org.enclosure.core.vcpu;

import org.jspecify.annotations.Nullable;

/// What the VMM wants of a running vCPU: kicks and pauses. The vCPU looks at it in its slow path only; whoever sets a bit makes
/// it take the slow path by an empty shootdown.
final class GuestRequests {
    private static final int KICK = 1;
    private static final int PAUSE = 2;

    private int wanted;
    private boolean held;
    private boolean ended;
    private boolean running;
    private @Nullable Thread owner;
    private volatile boolean pending;
    private final String name;

    /// For the vCPU of a name.
    GuestRequests(String name) {
        this.name = name;
    }

    boolean isPending() {
        return pending;
    }

    synchronized void started() {
        if (ended) {
            throw new IllegalStateException(name + " is closed");
        }
        if (running) {
            throw new IllegalStateException(name + " runs already, on thread " + owner);
        }
        running = true;
        owner = Thread.currentThread();
    }

    synchronized void stopped() {
        running = false;
        owner = null;
        set(wanted & ~KICK);
        notifyAll();
    }

    /// The vCPU ends: it does not start any more.
    ///
    /// @return false if it had ended before
    synchronized boolean end() {
        if (running) {
            throw new IllegalStateException(name + " runs; kick it first");
        }
        boolean first = !ended;
        ended = true;
        return first;
    }

    synchronized boolean isRunning() {
        return running;
    }

    synchronized void kick() {
        if (running) {
            set(wanted | KICK);
            notifyAll();
        }
    }

    synchronized void pause() {
        if (Thread.currentThread().equals(owner)) {
            throw new IllegalStateException("a vCPU cannot pause itself");
        }
        set(wanted | PAUSE);
    }

    synchronized void resume() {
        set(wanted & ~PAUSE);
        notifyAll();
    }

    private void set(int bits) {
        wanted = bits;
        pending = bits != 0;
    }

    /// The VMM's thread waits until the vCPU holds still or has stopped.
    synchronized void awaitHeld() {
        boolean interrupted = false;
        while (running && !held && (wanted & PAUSE) != 0) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /// The vCPU, out of its guest: holds still while a pause lasts.
    ///
    /// @return whether it was kicked
    synchronized boolean serve() {
        while ((wanted & PAUSE) != 0 && (wanted & KICK) == 0) {
            held = true;
            notifyAll();
            try {
                wait();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                set(wanted | KICK);
            }
        }
        held = false;
        boolean kicked = (wanted & KICK) != 0;
        set(wanted & ~KICK);
        return kicked;
    }
}
