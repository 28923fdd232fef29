package org.enclosure.tdx.wire;

/// Numbers of the registers of a [org.enclosure.api.vcpu.RegisterFile]: those of the instruction encoding. They are the bits of the
/// mask of TDG.VP.VMCALL, too.
public final class Gpr {
    /// RAX.
    public static final int RAX = 0;
    /// RCX.
    public static final int RCX = 1;
    /// RDX.
    public static final int RDX = 2;
    /// R8.
    public static final int R8 = 8;
    /// R9.
    public static final int R9 = 9;
    /// R10.
    public static final int R10 = 10;
    /// R11.
    public static final int R11 = 11;
    /// R12.
    public static final int R12 = 12;
    /// R13.
    public static final int R13 = 13;
    /// R14.
    public static final int R14 = 14;
    /// R15.
    public static final int R15 = 15;

    private Gpr() {
    }
}
