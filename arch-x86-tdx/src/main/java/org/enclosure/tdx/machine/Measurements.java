package org.enclosure.tdx.machine;

import java.util.concurrent.ConcurrentHashMap;

import org.enclosure.spi.PhysicalMemory;
import org.enclosure.tdx.wire.MrtdStream;

/// The running build measurements of all TDs, by the address of the TD.
public final class Measurements {
    private final PhysicalMemory memory;
    private final ConcurrentHashMap<Long, MrtdStream> streams = new ConcurrentHashMap<>();

    Measurements(PhysicalMemory memory) {
        this.memory = memory;
    }

    void start(long td) {
        streams.put(td, new MrtdStream());
    }

    void drop(long td) {
        streams.remove(td);
    }

    void add(long td, long gpa) {
        of(td).add(gpa);
    }

    /// @param pa where the 256 bytes lie now
    void extend(long td, long gpa, long pa) {
        byte[] chunk = new byte[MrtdStream.CHUNK];
        for (int i = 0; i < chunk.length; i++) {
            chunk[i] = memory.getByte(pa + i);
        }
        of(td).extend(gpa, chunk, 0);
    }

    /// The measurement of a TD that was initialised.
    public MrtdStream of(long td) {
        MrtdStream stream = streams.get(td);
        if (stream == null) {
            throw new IllegalStateException(
                    "the TD at 0x" + Long.toHexString(td) + " was not initialised: not checked");
        }
        return stream;
    }

    /// Whether a TD was initialised.
    public boolean has(long td) {
        return streams.containsKey(td);
    }
}
