package org.enclosure.core.mem;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// Counts, to the byte, what this thread has allocated on the Java heap; asking allocates nothing.
///
/// Found by name, because this module does not read the management modules.
public final class AllocationProbe {
    /// The method handle machinery specialises a handle, once and on the heap, when it was called 127 times.
    private static final int WARM_UP = 150;
    private static final int WINDOWS = 10;
    private static final MethodHandle ALLOCATED = find();

    private AllocationProbe() {
    }

    private static MethodHandle find() {
        try {
            Class<?> factory = Class.forName("java.lang.management.ManagementFactory");
            Class<?> threads = Class.forName("java.lang.management.ThreadMXBean");
            Class<?> type = Class.forName("com.sun.management.ThreadMXBean");
            MethodHandles.Lookup lookup = MethodHandles.publicLookup();
            Object bean = lookup.findStatic(factory, "getThreadMXBean", MethodType.methodType(threads)).invoke();
            return lookup.findVirtual(type, "getCurrentThreadAllocatedBytes", MethodType.methodType(long.class))
                    .bindTo(bean);
        } catch (Throwable t) {
            throw new AssertionError("this JVM does not count allocated bytes", t);
        }
    }

    /// Bytes that a window of rounds allocates after a warm-up: of several windows the first without any, or the last. What the
    /// JVM allocates once and at its own time (it specialises handles and recompiles) falls into one window; what the rounds
    /// themselves allocate is in every one.
    public static long steadyState(int rounds, Runnable round) {
        for (int i = 0; i < WARM_UP; i++) {
            round.run();
        }
        long allocated = window(rounds, round);
        for (int i = 1; i < WINDOWS && allocated != 0; i++) {
            allocated = window(rounds, round);
        }
        return allocated;
    }

    private static long window(int rounds, Runnable round) {
        long before = bytes();
        for (int i = 0; i < rounds; i++) {
            round.run();
        }
        return bytes() - before;
    }

    /// Bytes so far.
    public static long bytes() {
        try {
            return (long) ALLOCATED.invokeExact();
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }
}
