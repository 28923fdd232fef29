package org.enclosure.cca.machine;

/// The result registers x1 to x4 of an SMC of the host. Owned by the caller and reused.
public final class Outputs {
    /// Result register 1.
    public long x1;
    /// Result register 2.
    public long x2;
    /// Result register 3.
    public long x3;
    /// Result register 4.
    public long x4;

    /// Creates cleared registers.
    public Outputs() {
    }

    /// Clears all.
    public void clear() {
        x1 = 0;
        x2 = 0;
        x3 = 0;
        x4 = 0;
    }
}
