package org.enclosure.core.mem;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;

import org.enclosure.api.GuestMemoryException;
import org.jspecify.annotations.Nullable;

/// A table of slabs of [LazyMemory], each reserved when it is first needed: tables of any length cost next to nothing until
/// they are used.
///
/// ```
/// outer (heap) -> inner (heap, 4096 cells, at first use) -> slab (off the heap, at first use, reads as zeroes)
/// ```
///
/// Any thread; [#reserve(long)] alone takes a lock and allocates. Nobody uses an address after [#close()].
public final class LazySlabs implements AutoCloseable {
    private static final int INNER_SHIFT = 12;
    private static final VarHandle OUTER = MethodHandles.arrayElementVarHandle(long[][].class)
            .withInvokeExactBehavior();
    private static final VarHandle INNER = MethodHandles.arrayElementVarHandle(long[].class).withInvokeExactBehavior();

    private final long slabs;
    private final long slabBytes;
    private final long[] @Nullable [] outer;
    private final List<LazyMemory> reserved = new ArrayList<>(); // guarded by this

    /// Creates a table of absent slabs.
    ///
    /// @param slabs how many, at most 2^43
    /// @param slabBytes the size of each
    public LazySlabs(long slabs, long slabBytes) {
        this.slabs = slabs;
        this.slabBytes = slabBytes;
        outer = new long[Math.toIntExact(((slabs - 1) >>> INNER_SHIFT) + 1)][];
    }

    /// How many slabs there can be.
    public long slabs() {
        return slabs;
    }

    /// The address of a slab, 0 if it is absent.
    public long address(long slab) {
        // ORDERING: acquire, partner: release in innerOf
        long @Nullable [] inner = (long @Nullable []) OUTER.getAcquire(outer, (int) (slab >>> INNER_SHIFT));
        // ORDERING: acquire, partner: release in reserve
        return inner == null ? 0 : (long) INNER.getAcquire(inner, index(slab));
    }

    /// The address of a slab, which is reserved if it is absent.
    ///
    /// @throws GuestMemoryException ENOMEM; nothing changed
    public long reserve(long slab) {
        long address = address(slab);
        return address != 0 ? address : reserveAbsent(slab);
    }

    private synchronized long reserveAbsent(long slab) {
        long @Nullable [] inner = innerOf(slab);
        if (inner[index(slab)] == 0) {
            LazyMemory memory = LazyMemory.reserve(slabBytes);
            reserved.add(memory);
            // ORDERING: release, partner: acquire in address
            INNER.setRelease(inner, index(slab), memory.address());
        }
        return inner[index(slab)];
    }

    private long[] innerOf(long slab) {
        int index = (int) (slab >>> INNER_SHIFT);
        long @Nullable [] inner = outer[index];
        if (inner == null) {
            inner = new long[(int) Math.min(slabs, 1L << INNER_SHIFT)];
            // ORDERING: release, partner: acquire in address
            OUTER.setRelease(outer, index, inner);
        }
        return inner;
    }

    private static int index(long slab) {
        return (int) slab & (1 << INNER_SHIFT) - 1;
    }

    /// The first slab at or after `slab` that is there, or [#slabs()].
    public long next(long slab) {
        long at = slab;
        while (at < slabs) {
            // ORDERING: acquire, partner: release in innerOf
            long @Nullable [] inner = (long @Nullable []) OUTER.getAcquire(outer, (int) (at >>> INNER_SHIFT));
            if (inner == null) {
                at = ((at >>> INNER_SHIFT) + 1) << INNER_SHIFT;
            } else if (address(at) == 0) {
                at++;
            } else {
                return at;
            }
        }
        return slabs;
    }

    /// How many bytes of address space are reserved; what is committed is less.
    public synchronized long reservedBytes() {
        return reserved.size() * slabBytes;
    }

    /// Gives everything back. A second call does nothing.
    @Override
    public synchronized void close() {
        reserved.forEach(LazyMemory::close);
        reserved.clear();
    }
}
