package org.enclosure.pkvm.wire;

/// What EL2's calls answer: 0, or a Linux errno as a negative number.
public final class HypErrno {
    /// Done.
    public static final long OK = 0;
    /// The page is in the wrong state, or not RAM.
    public static final long EPERM = -1;
    /// No leaf in the guest's stage 2.
    public static final long ENOENT = -2;
    /// The mapping has another size.
    public static final long E2BIG = -7;
    /// The state changed meanwhile, or the VM is gone.
    public static final long EAGAIN = -11;
    /// No memory for tables, or no room for another VM.
    public static final long ENOMEM = -12;
    /// The page is pinned, or its share count is full.
    public static final long EBUSY = -16;
    /// An argument is not legal, or the VM is not in the state for it.
    public static final long EINVAL = -22;
    /// The address is beyond what stage 2 translates.
    public static final long ERANGE = -34;
    /// Another CPU holds EL2's lock: nothing was done; call again. Never seen by guests.
    public static final long ERESTART = -85;
    /// The kernel of this profile has no such call.
    public static final long EOPNOTSUPP = -95;
    /// The page was taken from the guest by force.
    public static final long EHWPOISON = -133;

    private HypErrno() {
    }

    /// The value as Linux writes it, for reports.
    public static String name(long value) {
        return switch ((int) value) {
            case 0 -> "0";
            case -1 -> "-EPERM";
            case -2 -> "-ENOENT";
            case -7 -> "-E2BIG";
            case -11 -> "-EAGAIN";
            case -12 -> "-ENOMEM";
            case -16 -> "-EBUSY";
            case -22 -> "-EINVAL";
            case -34 -> "-ERANGE";
            case -85 -> "-ERESTART";
            case -95 -> "-EOPNOTSUPP";
            case -133 -> "-EHWPOISON";
            default -> Long.toString(value);
        };
    }
}
