package org.enclosure.core.mem;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

import org.enclosure.api.Errno;
import org.enclosure.api.GuestMemoryException;

/// Loads and stores by absolute address, in the memory that this package reserved.
///
/// Values are little-endian, as guests see them. Plain accesses may be unaligned. Those with an order in their name need
/// natural alignment and throw [IllegalArgumentException] without it; their meaning is that of the [VarHandle] access mode
/// of the same name, and each caller names its partner.
///
/// **Nothing is checked**: an address outside every live reservation ends the Java process. With the system property
/// `enclosure.memory=bounded` (default `flat`) such an access throws [IndexOutOfBoundsException] instead, for some
/// nanoseconds per access. It is also what happens where [NativeCalls] has no view of all memory.
///
/// Any thread; nothing here allocates.
public final class Raw {
    /// Whether every access is checked against the live reservations.
    public static final boolean BOUNDED = isBounded(System.getProperty("enclosure.memory", "flat"));

    private static final int PAGE = 4096;
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfShort ANY_SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt ANY_INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong ANY_LONG = ValueLayout.JAVA_LONG_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT = ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle()
            .withInvokeExactBehavior();
    private static final VarHandle LONG = ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN).varHandle()
            .withInvokeExactBehavior();
    private static final MemorySegment WHOLE = NativeCalls.wholeMemory();
    /// The zero page is copied: a loop is as fast in C2, but not in C1 and the interpreter, and `fill` needs a slice.
    private static final MemorySegment ZEROES = Arena.global().allocate(PAGE, PAGE);

    private Raw() {
    }

    private static boolean isBounded(String wanted) {
        return switch (wanted) {
            case "flat" -> NativeCalls.wholeMemory().byteSize() == 0;
            case "bounded" -> true;
            default -> throw new GuestMemoryException(Errno.EINVAL,
                    "system property enclosure.memory=" + wanted + "; legal is flat or bounded");
        };
    }

    private static MemorySegment at(long address) {
        return BOUNDED ? LiveSegments.holding(address) : WHOLE;
    }

    /// Reads one byte.
    public static byte getByte(long address) {
        MemorySegment memory = at(address);
        return memory.get(BYTE, address - memory.address());
    }

    /// Writes one byte.
    public static void putByte(long address, byte value) {
        MemorySegment memory = at(address);
        memory.set(BYTE, address - memory.address(), value);
    }

    /// Reads 2 bytes.
    public static short getShort(long address) {
        MemorySegment memory = at(address);
        return memory.get(ANY_SHORT, address - memory.address());
    }

    /// Writes 2 bytes.
    public static void putShort(long address, short value) {
        MemorySegment memory = at(address);
        memory.set(ANY_SHORT, address - memory.address(), value);
    }

    /// Reads 4 bytes.
    public static int getInt(long address) {
        MemorySegment memory = at(address);
        return memory.get(ANY_INT, address - memory.address());
    }

    /// Writes 4 bytes.
    public static void putInt(long address, int value) {
        MemorySegment memory = at(address);
        memory.set(ANY_INT, address - memory.address(), value);
    }

    /// Reads 8 bytes.
    public static long getLong(long address) {
        MemorySegment memory = at(address);
        return memory.get(ANY_LONG, address - memory.address());
    }

    /// Writes 8 bytes.
    public static void putLong(long address, long value) {
        MemorySegment memory = at(address);
        memory.set(ANY_LONG, address - memory.address(), value);
    }

    /// Reads 4 aligned bytes, acquire.
    public static int getIntAcquire(long address) {
        MemorySegment memory = at(address);
        return (int) INT.getAcquire(memory, address - memory.address()); // ORDERING: primitive, the caller names its partner
    }

    /// Reads 4 aligned bytes, volatile.
    public static int getIntVolatile(long address) {
        MemorySegment memory = at(address);
        return (int) INT.getVolatile(memory, address - memory.address()); // ORDERING: primitive, the caller names its partner
    }

    /// Writes 4 aligned bytes, release.
    public static void putIntRelease(long address, int value) {
        MemorySegment memory = at(address);
        INT.setRelease(memory, address - memory.address(), value); // ORDERING: primitive, the caller names its partner
    }

    /// Replaces 4 aligned bytes if they are as expected, volatile.
    ///
    /// @return whether they were
    public static boolean compareAndSetInt(long address, int expected, int value) {
        MemorySegment memory = at(address);
        // ORDERING: primitive, the caller names its partner
        return INT.compareAndSet(memory, address - memory.address(), expected, value);
    }

    /// Reads 8 aligned bytes, opaque.
    public static long getLongOpaque(long address) {
        MemorySegment memory = at(address);
        return (long) LONG.getOpaque(memory, address - memory.address()); // ORDERING: primitive, the caller names its partner
    }

    /// Reads 8 aligned bytes, acquire.
    public static long getLongAcquire(long address) {
        MemorySegment memory = at(address);
        return (long) LONG.getAcquire(memory, address - memory.address()); // ORDERING: primitive, the caller names its partner
    }

    /// Writes 8 aligned bytes, opaque.
    public static void putLongOpaque(long address, long value) {
        MemorySegment memory = at(address);
        LONG.setOpaque(memory, address - memory.address(), value); // ORDERING: primitive, the caller names its partner
    }

    /// Writes 8 aligned bytes, release.
    public static void putLongRelease(long address, long value) {
        MemorySegment memory = at(address);
        LONG.setRelease(memory, address - memory.address(), value); // ORDERING: primitive, the caller names its partner
    }

    /// Replaces 8 aligned bytes if they are as expected, volatile.
    ///
    /// @return whether they were
    public static boolean compareAndSetLong(long address, long expected, long value) {
        MemorySegment memory = at(address);
        // ORDERING: primitive, the caller names its partner
        return LONG.compareAndSet(memory, address - memory.address(), expected, value);
    }

    /// Copies bytes; the ranges do not overlap.
    public static void copy(long from, long to, long bytes) {
        MemorySegment source = at(from);
        MemorySegment target = at(to);
        MemorySegment.copy(source, from - source.address(), target, to - target.address(), bytes);
    }

    /// Copies bytes to an array.
    public static void copy(long from, byte[] to, int offset, int bytes) {
        MemorySegment source = at(from);
        MemorySegment.copy(source, BYTE, from - source.address(), to, offset, bytes);
    }

    /// Copies bytes from an array.
    public static void copy(byte[] from, int offset, long to, int bytes) {
        MemorySegment target = at(to);
        MemorySegment.copy(from, offset, target, BYTE, to - target.address(), bytes);
    }

    /// Zeroes bytes: 30 to 70 ns for 4K in the cache, 150 to 500 ns outside it.
    public static void zero(long address, long bytes) {
        MemorySegment memory = at(address);
        long offset = address - memory.address();
        for (long end = offset + bytes; offset < end; offset += PAGE) {
            MemorySegment.copy(ZEROES, 0, memory, offset, Math.min(PAGE, end - offset));
        }
    }

    /// Whether a range holds nothing but zeroes.
    ///
    /// @param bytes a multiple of 8
    public static boolean isZero(long address, long bytes) {
        MemorySegment memory = at(address);
        for (long offset = address - memory.address(), end = offset + bytes; offset < end; offset += 8) {
            if (memory.get(ANY_LONG, offset) != 0) {
                return false;
            }
        }
        return true;
    }
}
