package org.enclosure.api.vcpu;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.Arrays;

import org.apiguardian.api.API;

/// The registers that a guest instruction can see, by number. Which number is which register is the architecture's. Reusable,
/// owned by one vCPU.
@API(status = EXPERIMENTAL, since = "0.1")
public final class RegisterFile {
    /// How many registers there are.
    public static final int SIZE = 64;

    private final long[] values = new long[SIZE];

    /// Creates a file of zeroes.
    public RegisterFile() {
    }

    /// Reads a register.
    public long get(int register) {
        return values[register];
    }

    /// Writes a register.
    public void set(int register, long value) {
        values[register] = value;
    }

    /// Zeroes all registers.
    public void clear() {
        Arrays.fill(values, 0);
    }
}
