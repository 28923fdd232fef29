package org.enclosure.cca.machine;

import java.security.MessageDigest;
import java.util.Arrays;

import org.enclosure.spi.PhysicalMemory;

/// The measurements in a realm descriptor: 0 is the initial one, 1 to 4 are the realm's to extend.
public final class Measurements {
    private final PhysicalMemory memory;

    Measurements(PhysicalMemory memory) {
        this.memory = memory;
    }

    /// The hash algorithm of a realm.
    public int hash(long rd) {
        return (int) memory.getLong(rd + Rd.HASH);
    }

    /// A measurement, padded to [Rim#BYTES].
    public byte[] read(long rd, int index) {
        byte[] value = new byte[Rim.BYTES];
        for (int i = 0; i < value.length; i++) {
            value[i] = memory.getByte(at(rd, index) + i);
        }
        return value;
    }

    /// Eight bytes of a measurement.
    long word(long rd, int index, int word) {
        return memory.getLong(at(rd, index) + (long) word * Long.BYTES);
    }

    /// A measurement becomes the hash of itself and a value.
    void extend(long rd, int index, byte[] value, int size) {
        MessageDigest digest = Rim.digest(hash(rd));
        digest.update(read(rd, index), 0, Rim.length(hash(rd)));
        digest.update(value, 0, size);
        write(rd, index, Arrays.copyOf(digest.digest(), Rim.BYTES));
    }

    /// The initial measurement, to go on from.
    Rim initial(long rd) {
        Rim rim = new Rim(hash(rd));
        rim.value(read(rd, 0));
        return rim;
    }

    /// Replaces the initial measurement.
    void initial(long rd, Rim rim) {
        write(rd, 0, rim.value());
    }

    private void write(long rd, int index, byte[] value) {
        for (int i = 0; i < value.length; i++) {
            memory.putByte(at(rd, index) + i, value[i]);
        }
    }

    private static long at(long rd, int index) {
        return rd + Rd.MEASUREMENTS + (long) index * Rd.MEASUREMENT_BYTES;
    }
}
