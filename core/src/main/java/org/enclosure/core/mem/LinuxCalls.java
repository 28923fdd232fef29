package org.enclosure.core.mem;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;

/// The C library's functions that [NativeCalls] needs, for 64-bit Linux on x86 and Arm (the constants are theirs).
///
/// Loading this class looks the functions up: it needs native access, and fails with a [LinkageError] where one is
/// missing. Calls allocate nothing, except [#mmap(long)].
final class LinuxCalls {
    static final int MADV_DONTNEED = 4;
    static final int MADV_HUGEPAGE = 14;
    static final int MADV_NOHUGEPAGE = 15;
    static final int MEMBARRIER_PRIVATE_EXPEDITED = 1 << 3;
    static final int MEMBARRIER_REGISTER_PRIVATE_EXPEDITED = 1 << 4;

    private static final int PROT_READ_WRITE = 1 | 2;
    private static final int MAP_PRIVATE_ANONYMOUS_NORESERVE = 0x2 | 0x20 | 0x4000;
    private static final long SYS_MEMBARRIER_X86_64 = 324;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final Linker LINKER = Linker.nativeLinker();

    private static final MethodHandle MMAP = find("mmap", FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG),
            Linker.Option.captureCallState("errno"));
    private static final MethodHandle MUNMAP = find("munmap", FunctionDescriptor.of(INT, LONG, LONG));
    private static final MethodHandle MADVISE = find("madvise", FunctionDescriptor.of(INT, LONG, LONG, INT));
    private static final MethodHandle SYSCALL = find("syscall", FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG),
            Linker.Option.firstVariadicArg(1));

    private LinuxCalls() {
    }

    private static MethodHandle find(String name, FunctionDescriptor type, Linker.Option... options) {
        MemorySegment function = LINKER.defaultLookup().find(name)
                .orElseThrow(() -> new UnsatisfiedLinkError("the C library has no function " + name));
        return LINKER.downcallHandle(function, type, options);
    }

    /// Loads this class.
    ///
    /// @throws LinkageError where a function is missing
    static void load() {
        // The static initializer does it.
    }

    /// Maps private anonymous memory without reserving swap space for it.
    ///
    /// @return its address, or the negative errno
    static long mmap(long bytes) {
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment state = arena.allocate(Linker.Option.captureStateLayout());
            long address = (long) MMAP.invokeExact(state, 0L, bytes, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS_NORESERVE,
                    -1, 0L);
            return address == -1 ? -errno(state) : address;
        } catch (Throwable t) {
            throw neverThrows(t);
        }
    }

    private static int errno(MemorySegment state) {
        long offset = Linker.Option.captureStateLayout().byteOffset(MemoryLayout.PathElement.groupElement("errno"));
        return state.get(INT, offset);
    }

    static int munmap(long address, long bytes) {
        try {
            return (int) MUNMAP.invokeExact(address, bytes);
        } catch (Throwable t) {
            throw neverThrows(t);
        }
    }

    static int madvise(long address, long bytes, int advice) {
        try {
            return (int) MADVISE.invokeExact(address, bytes, advice);
        } catch (Throwable t) {
            throw neverThrows(t);
        }
    }

    /// The system call of the same name; x86-64 alone, because of its number.
    static long membarrier(int command) {
        try {
            return (long) SYSCALL.invokeExact(SYS_MEMBARRIER_X86_64, (long) command, 0L, 0L);
        } catch (Throwable t) {
            throw neverThrows(t);
        }
    }

    private static AssertionError neverThrows(Throwable t) {
        return new AssertionError("a C function threw", t);
    }
}
