package org.enclosure.cca.wire;

/// The page that host and RMM exchange at REC_ENTER (RMM specification 1.0, RmiRecRun): byte offsets of its fields.
///
/// ```
/// 0x000 entry: flags      0x200 gprs[31]   0x300 gicv3
/// 0x800 exit:  reason     0x900 esr        0x908 far      0x910 hpfar    0xa00 gprs[31]
///              0xd00 ripas_base  0xd08 ripas_top  0xd10 ripas_value      0xe00 imm
/// ```
public final class RunPage {
    /// Entry: flags.
    public static final int FLAGS = 0;
    /// Entry: general registers.
    public static final int ENTRY_GPRS = 0x200;
    /// Entry: GIC hypervisor control register.
    public static final int GIC_HCR = 0x300;
    /// Entry: first GIC list register.
    public static final int GIC_LRS = 0x308;
    /// Number of GIC list registers.
    public static final int NUM_LRS = 16;
    /// Exit: start of the record.
    public static final int EXIT = 0x800;
    /// Length of the exit record.
    public static final int EXIT_BYTES = 0x800;
    /// Exit: reason.
    public static final int REASON = EXIT;
    /// Exit: exception syndrome.
    public static final int ESR = EXIT + 0x100;
    /// Exit: fault address.
    public static final int FAR = EXIT + 0x108;
    /// Exit: faulting IPA.
    public static final int HPFAR = EXIT + 0x110;
    /// Exit: general registers.
    public static final int EXIT_GPRS = EXIT + 0x200;
    /// Exit: base of a RIPAS change.
    public static final int RIPAS_BASE = EXIT + 0x500;
    /// Exit: top of a RIPAS change.
    public static final int RIPAS_TOP = EXIT + 0x508;
    /// Exit: the RIPAS that the realm wants.
    public static final int RIPAS_VALUE = EXIT + 0x510;
    /// Exit: immediate of a host call.
    public static final int IMM = EXIT + 0x600;
    /// Number of general registers.
    public static final int NUM_GPRS = 31;

    /// Entry flag: the host emulated the access.
    public static final long EMULATED_MMIO = 1;
    /// Entry flag: the realm gets a synchronous external abort.
    public static final long INJECT_SEA = 1 << 1;
    /// Entry flag: the host refuses the RIPAS change.
    public static final long RIPAS_REJECT = 1 << 4;

    /// Exit reason: synchronous exception.
    public static final int SYNC = 0;
    /// Exit reason: interrupt.
    public static final int IRQ = 1;
    /// Exit reason: fast interrupt.
    public static final int FIQ = 2;
    /// Exit reason: PSCI call.
    public static final int PSCI = 3;
    /// Exit reason: RIPAS change.
    public static final int RIPAS_CHANGE = 4;
    /// Exit reason: host call.
    public static final int HOST_CALL = 5;
    /// Exit reason: system error.
    public static final int SERROR = 6;

    /// Bits of the GIC control register that the host may set: UIE to VGrp1DIE, and TDIR.
    public static final long GIC_HCR_HOST_BITS = 0xfe | 1 << 14;
    /// Bit of a GIC list register that the host may not set: a physical interrupt.
    public static final long GIC_LR_HW = 1L << 61;

    private RunPage() {
    }
}
