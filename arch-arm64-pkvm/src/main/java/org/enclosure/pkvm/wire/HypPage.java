package org.enclosure.pkvm.wire;

/// EL2's record of one page of the machine: 8 bytes.
///
/// ```
///  63              32 31    28 27     24 23   16 15            0
/// +------------------+--------+---------+-------+---------------+
/// | share count with | hyp    | host    | order | pins          |
/// | unprotected VMs  | XOR 3  | state   |       |               |
/// +------------------+--------+---------+-------+---------------+
/// ```
///
/// The hypervisor's state is stored inverted, so that a record of zeroes says what is true of all memory at first: the host owns
/// the page and the hypervisor has nothing to do with it.
public final class HypPage {
    /// The record of a page that was never touched.
    public static final long INITIAL = 0;
    /// The most pins that a record can count.
    public static final long MAX_PINS = 0xffff;
    /// The most shares that a record can count.
    public static final long MAX_SHARES = 0xffff_ffffL;

    private static final int HOST_SHIFT = 24;
    private static final int HYP_SHIFT = 28;
    private static final int SHARE_SHIFT = 32;
    private static final long STATE_MASK = 0xf;
    private static final long HYP_INVERSION = 3;

    private HypPage() {
    }

    /// The host's state.
    public static int host(long word) {
        return (int) (word >>> HOST_SHIFT & STATE_MASK);
    }

    /// The hypervisor's state.
    public static int hyp(long word) {
        return (int) (word >>> HYP_SHIFT & STATE_MASK ^ HYP_INVERSION);
    }

    /// How often the hypervisor has pinned the page.
    public static long pins(long word) {
        return word & MAX_PINS;
    }

    /// How many leaves of unprotected VMs map the page.
    public static long shares(long word) {
        return word >>> SHARE_SHIFT;
    }

    /// The record with another host state.
    public static long withHost(long word, int state) {
        return word & ~(STATE_MASK << HOST_SHIFT) | (long) state << HOST_SHIFT;
    }

    /// The record with another state of the hypervisor.
    public static long withHyp(long word, int state) {
        return word & ~(STATE_MASK << HYP_SHIFT) | (state ^ HYP_INVERSION) << HYP_SHIFT;
    }

    /// The record with another number of pins.
    public static long withPins(long word, long pins) {
        return word & ~MAX_PINS | pins & MAX_PINS;
    }

    /// The record with another share count.
    public static long withShares(long word, long shares) {
        return word & (1L << SHARE_SHIFT) - 1 | shares << SHARE_SHIFT;
    }
}
