package org.enclosure.tdx.wire;

/// Numbers of the guest's calls: the instruction, its leaves, the sub-functions of TDG.VP.VMCALL and the VMM's answers (TDX Module
/// 1.5 ABI specification; Guest-Host-Communication Interface).
///
/// The registers are those of [Gpr].
public final class Tdcall {
    /// The instruction TDCALL: the only one that a guest can execute here.
    public static final int INSTRUCTION = 1;

    /// Leaf TDG.VP.VMCALL.
    public static final int VP_VMCALL = 0;
    /// Leaf TDG.VP.INFO.
    public static final int VP_INFO = 1;
    /// Leaf TDG.VP.VEINFO.GET.
    public static final int VP_VEINFO_GET = 3;
    /// Leaf TDG.MEM.PAGE.ACCEPT.
    public static final int MEM_PAGE_ACCEPT = 6;

    /// Sub-function Instruction.CPUID.
    public static final int CPUID = 10;
    /// Sub-function Instruction.HLT.
    public static final int HLT = 12;
    /// Sub-function Instruction.IO.
    public static final int IO = 30;
    /// Sub-function Instruction.RDMSR.
    public static final int RDMSR = 31;
    /// Sub-function Instruction.WRMSR.
    public static final int WRMSR = 32;
    /// Sub-function #VE.RequestMMIO.
    public static final int REQUEST_MMIO = 48;
    /// Sub-function GetTdVmCallInfo.
    public static final int GET_INFO = 0x10000;
    /// Sub-function MapGPA.
    public static final int MAP_GPA = 0x10001;
    /// Sub-function GetQuote.
    public static final int GET_QUOTE = 0x10002;
    /// Sub-function ReportFatalError.
    public static final int REPORT_FATAL_ERROR = 0x10003;
    /// Sub-function SetupEventNotifyInterrupt.
    public static final int SETUP_EVENT_NOTIFY = 0x10004;

    /// Answer: done.
    public static final long SUCCESS = 0;
    /// Answer: again, from R11.
    public static final long RETRY = 1;
    /// Answer: an operand is illegal.
    public static final long INVALID_OPERAND = 0x8000_0000_0000_0000L;
    /// Answer: the page is in use.
    public static final long GPA_INUSE = 0x8000_0000_0000_0001L;
    /// Answer: an operand is not aligned.
    public static final long ALIGN_ERROR = 0x8000_0000_0000_0002L;
    /// Answer: the sub-function does not exist.
    public static final long SUBFUNC_UNSUPPORTED = 0x8000_0000_0000_0003L;

    /// The registers that Linux shows to the VMM: RDX, RBX, RSI, RDI, R8 to R15.
    public static final long LINUX_MASK = 0xffcc;

    /// Exit reason of an EPT violation, in the #VE information.
    public static final long EPT_VIOLATION = 48;

    private Tdcall() {
    }
}
