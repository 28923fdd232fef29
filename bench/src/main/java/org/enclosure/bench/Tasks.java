package org.enclosure.bench;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/// Waiting for helper threads.
final class Tasks {
    private Tasks() {
    }

    /// Waits for a task, and fails as it failed.
    static void await(Future<?> task) {
        try {
            task.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while waiting for a vCPU", e);
        } catch (ExecutionException e) {
            throw new IllegalStateException("a vCPU's thread failed: " + e.getCause(), e.getCause());
        }
    }
}
