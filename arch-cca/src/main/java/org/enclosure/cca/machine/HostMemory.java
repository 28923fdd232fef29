package org.enclosure.cca.machine;

import org.enclosure.spi.PhysicalMemory;

/// Memory of the Non-secure world, by its own accesses and by the RMM's: what is in another address space faults.
public final class HostMemory {
    private final PhysicalMemory memory;
    private final Gpt gpt;
    private final Granules granules;

    HostMemory(PhysicalMemory memory, Gpt gpt, Granules granules) {
        this.memory = memory;
        this.gpt = gpt;
        this.granules = granules;
    }

    /// Whether an access to a granule gets through.
    public boolean isAccessible(long pa) {
        return granules.exists(pa & -Granules.SIZE) && gpt.pas(pa >>> Granules.SHIFT) == Pas.NS;
    }

    /// Reads 8 bytes of an accessible granule.
    public long read(long pa) {
        return memory.getLong(pa);
    }

    /// Writes 8 bytes of an accessible granule.
    public void write(long pa, long value) {
        memory.putLong(pa, value);
    }

    /// Writes bytes into an accessible granule.
    public void write(long pa, byte[] bytes) {
        for (int i = 0; i < bytes.length; i++) {
            memory.putByte(pa + i, bytes[i]);
        }
    }

    /// Zeroes an accessible granule.
    public void zero(long pa) {
        memory.zero(pa & -Granules.SIZE, Granules.SIZE);
    }

    /// The bytes of an accessible granule.
    byte[] page(long pa) {
        byte[] page = new byte[(int) Granules.SIZE];
        for (int i = 0; i < page.length; i++) {
            page[i] = memory.getByte(pa + i);
        }
        return page;
    }
}
