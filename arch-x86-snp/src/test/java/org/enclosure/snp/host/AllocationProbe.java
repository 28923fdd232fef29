package org.enclosure.snp.host;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/// Counts what this thread has allocated on the heap; asking allocates nothing. Found by name, because the module does not read the
/// management modules.
final class AllocationProbe {
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

    /// Bytes so far.
    static long bytes() {
        try {
            return (long) ALLOCATED.invokeExact();
        } catch (Throwable t) {
            throw new AssertionError(t);
        }
    }
}
