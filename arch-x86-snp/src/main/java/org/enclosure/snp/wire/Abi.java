package org.enclosure.snp.wire;

/// The instructions that a guest program can execute, and which number of a register file is which register.
///
/// Addresses in registers are guest physical: there are no guest page tables here. The C-bit is not part of them.
public final class Abi {
    /// PVALIDATE: RAX gpa, RCX 0 = 4K or 1 = 2M, RDX 1 = validate. Result in RAX; CF = nothing changed.
    public static final int PVALIDATE = 1;
    /// RMPADJUST: RAX gpa, RCX size, RDX 7:0 target VMPL, 15:8 permissions, 16 VMSA. Result in RAX.
    public static final int RMPADJUST = 2;
    /// RMPQUERY: RAX gpa, RDX 7:0 target VMPL. Result in RAX; RCX size, RDX 15:8 permissions, 16 VMSA.
    public static final int RMPQUERY = 3;
    /// VMGEXIT: the GHCB MSR says what is asked.
    public static final int VMGEXIT = 4;
    /// WRMSR: ECX number, EDX:EAX value.
    public static final int WRMSR = 5;
    /// RDMSR: ECX number; value in EDX:EAX.
    public static final int RDMSR = 6;
    /// VMMCALL: RAX number, RBX, RCX, RDX, RSI arguments; result in RAX.
    public static final int VMMCALL = 7;

    /// Number of the register RAX.
    public static final int RAX = 0;
    /// Number of the register RCX.
    public static final int RCX = 1;
    /// Number of the register RDX.
    public static final int RDX = 2;
    /// Number of the register RBX.
    public static final int RBX = 3;
    /// Number of the register RSI.
    public static final int RSI = 6;
    /// Number of the register RFLAGS.
    public static final int RFLAGS = 16;
    /// Number of the register that holds the privilege ring of the code; a kernel's is 0.
    public static final int CPL = 17;
    /// Carry flag of [#RFLAGS].
    public static final long CF = 1;

    /// Position of the C-bit of a guest address.
    public static final int C_BIT = 51;
    /// Error code of the exception #VC for a page that is not validated.
    public static final long VC_NOT_VALIDATED = 0x404;

    /// KVM hypercall MAP_GPA_RANGE: gpa, pages, attributes.
    public static final long MAP_GPA_RANGE = 12;
    /// Attribute of MAP_GPA_RANGE: the range becomes private.
    public static final long ATTRIBUTE_ENCRYPTED = 1 << 4;
    /// Attribute of MAP_GPA_RANGE: hint that the pages are 2M.
    public static final long ATTRIBUTE_2M = 1;

    private Abi() {
    }
}
