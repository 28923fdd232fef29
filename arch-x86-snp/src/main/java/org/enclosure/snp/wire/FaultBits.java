package org.enclosure.snp.wire;

import java.util.List;

/// The bits of a nested page fault's EXITINFO1 and of a host's page fault error code (AMD APM volume 2, 15.36).
public final class FaultBits {
    /// The entry was present.
    public static final long P = 1;
    /// The access wrote.
    public static final long W = 1L << 1;
    /// The access was a user access, as all nested ones are.
    public static final long U = 1L << 2;
    /// The access fetched an instruction.
    public static final long ID = 1L << 4;
    /// The RMP forbids it.
    public static final long RMP = 1L << 31;
    /// It happened at the final guest physical address.
    public static final long GUEST_FINAL = 1L << 32;
    /// It happened while guest page tables were walked.
    public static final long GUEST_PAGE = 1L << 33;
    /// The access was private.
    public static final long ENC = 1L << 34;
    /// The sizes of nested page table and RMP differ.
    public static final long SIZEM = 1L << 35;
    /// A permission of the privilege level is missing.
    public static final long VMPL = 1L << 36;
    /// The missing permission is the supervisor shadow stack's.
    public static final long SSS = 1L << 37;
    /// The names that a script may write, and their bits.
    public static final List<Name> NAMES = List.of(new Name("P", 0), new Name("W", 1), new Name("U", 2),
            new Name("RSV", 3), new Name("ID", 4), new Name("PK", 5), new Name("SS", 6), new Name("RMP", 31),
            new Name("GUEST_FINAL", 32), new Name("GUEST_PAGE", 33), new Name("ENC", 34), new Name("SIZEM", 35),
            new Name("VMPL", 36), new Name("SSS", 37), new Name("NOT_RESTARTABLE", 63));

    /// One bit.
    ///
    /// @param name as the manual writes it
    /// @param bit its number
    public record Name(String name, int bit) {
    }

    private FaultBits() {
    }

    /// The number of a bit by its name, or -1.
    public static int bit(String name) {
        for (Name each : NAMES) {
            if (each.name.equals(name)) {
                return each.bit;
            }
        }
        return -1;
    }

    /// The name of a bit, or `?`.
    public static String name(int bit) {
        for (Name each : NAMES) {
            if (each.bit == bit) {
                return each.name;
            }
        }
        return "?";
    }
}
