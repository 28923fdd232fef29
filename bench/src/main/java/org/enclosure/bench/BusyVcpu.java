package org.enclosure.bench;

import java.util.concurrent.FutureTask;

import org.enclosure.api.vcpu.GuestCpu;
import org.jspecify.annotations.Nullable;

/// A vCPU on a thread of its own that loads from a little memory until it is closed.
final class BusyVcpu implements AutoCloseable {
    /// How much memory it has to itself.
    static final long BYTES = 1L << 20;

    private static final int ROUND = 256;

    private final Scene scene;
    private final int vcpu;
    private final long first;
    private final FutureTask<@Nullable Void> guest = new FutureTask<>(this::run, null);
    private volatile boolean stopping;
    private volatile long rounds;
    @SuppressWarnings("UnusedVariable") // written, so that the loads are not left out
    private volatile long sum;
    private boolean started;

    /// @param gpa where its memory starts
    BusyVcpu(Scene scene, int vcpu, long gpa) {
        this.scene = scene;
        this.vcpu = vcpu;
        first = gpa;
    }

    void start() {
        started = true;
        Thread.ofPlatform().daemon().name("busy-vcpu").start(guest);
    }

    private void run() {
        scene.run(vcpu, this::loadOn);
    }

    @SuppressWarnings("NonAtomicVolatileUpdate") // this thread alone counts
    private void loadOn(GuestCpu cpu) {
        long base = cpu.address(first, true);
        long mask = Offsets.mask(BYTES);
        for (long next = 0, found = 0; !stopping; sum = found) {
            for (int i = 0; i < ROUND; i++) {
                next = Offsets.next(next);
                found += cpu.loadLong(base + Offsets.of(next, mask));
            }
            rounds++;
        }
    }

    /// Waits until it really runs, on another processor than the caller.
    void awaitRunning() {
        Simultaneous.await(() -> rounds);
    }

    @Override
    public void close() {
        stopping = true;
        if (started) {
            Tasks.await(guest);
        }
    }
}
