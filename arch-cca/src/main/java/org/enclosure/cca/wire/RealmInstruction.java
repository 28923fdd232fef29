package org.enclosure.cca.wire;

/// The instructions that a realm's program executes through its vCPU, and their registers: 0 to 30 are x0 to x30.
public final class RealmInstruction {
    /// Secure monitor call: RSI and PSCI. Function in x0, arguments from x1 on, results from x0 on.
    public static final int SMC = 1;
    /// Hypervisor call: undefined in a realm.
    public static final int HVC = 2;
    /// Wait for an interrupt.
    public static final int WFI = 3;

    private RealmInstruction() {
    }
}
