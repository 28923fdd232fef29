package org.enclosure.spi;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

import org.apiguardian.api.API;

/// Host physical memory by address, without any check of who owns it: what the machine itself can do.
///
/// All addresses are host physical byte addresses. Calls may be made on any thread; a plain access is as plain as a field.
/// None allocates.
@API(status = EXPERIMENTAL, since = "0.1")
public final class PhysicalMemory {
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfLong LONG_UNALIGNED = ValueLayout.JAVA_LONG_UNALIGNED;
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final VarHandle LONG_HANDLE = LONG.varHandle();

    private final MemorySegment segment;
    private final long base;
    private final long bytes;

    /// Views a segment as physical memory.
    ///
    /// @param segment native memory, aligned to 8 bytes
    /// @param base physical address of its first byte
    public PhysicalMemory(MemorySegment segment, long base) {
        this.segment = segment;
        this.base = base;
        bytes = segment.byteSize();
    }

    /// Whether all of `[pa, pa + length)` is memory.
    public boolean contains(long pa, long length) {
        return pa >= base && length >= 0 && pa - base <= bytes - length;
    }

    /// Reads 8 little-endian bytes at any alignment.
    public long getLong(long pa) {
        return segment.get(LONG_UNALIGNED, pa - base);
    }

    /// Writes 8 little-endian bytes at any alignment.
    public void putLong(long pa, long value) {
        segment.set(LONG_UNALIGNED, pa - base, value);
    }

    /// Reads one byte.
    public byte getByte(long pa) {
        return segment.get(BYTE, pa - base);
    }

    /// Writes one byte.
    public void putByte(long pa, byte value) {
        segment.set(BYTE, pa - base, value);
    }

    /// Reads an aligned word so that what was published before it is seen.
    public long getLongAcquire(long pa) {
        return (long) LONG_HANDLE.getAcquire(segment, pa - base); // ORDERING: partner putLongRelease, compareAndSet
    }

    /// Writes an aligned word after everything before it.
    public void putLongRelease(long pa, long value) {
        LONG_HANDLE.setRelease(segment, pa - base, value); // ORDERING: partner getLongAcquire
    }

    /// Replaces an aligned word if it still has the expected value.
    public boolean compareAndSet(long pa, long expected, long value) {
        return LONG_HANDLE.compareAndSet(segment, pa - base, expected, value); // ORDERING: partner getLongAcquire
    }

    /// Zeroes a range whose ends are multiples of 8.
    public void zero(long pa, long length) {
        for (long at = pa - base, end = at + length; at < end; at += 8) {
            segment.set(LONG, at, 0L);
        }
    }

    /// Copies a range; source and destination do not overlap.
    public void copy(long fromPa, long toPa, long length) {
        MemorySegment.copy(segment, fromPa - base, segment, toPa - base, length);
    }

    /// Whether a range, whose ends are multiples of 8, holds nothing but zeroes.
    public boolean isZero(long pa, long length) {
        for (long at = pa - base, end = at + length; at < end; at += 8) {
            if (segment.get(LONG, at) != 0) {
                return false;
            }
        }
        return true;
    }
}
