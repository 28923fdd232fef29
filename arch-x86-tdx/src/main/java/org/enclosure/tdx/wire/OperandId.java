package org.enclosure.tdx.wire;

/// Numbers of operands in status words: registers and implicit operands.
public final class OperandId {
    /// RCX.
    public static final int RCX = 1;
    /// RDX.
    public static final int RDX = 2;
    /// R8.
    public static final int R8 = 8;
    /// R9.
    public static final int R9 = 9;
    /// R13.
    public static final int R13 = 13;
    /// TD_PARAMS.ATTRIBUTES.
    public static final int ATTRIBUTES = 64;
    /// TD_PARAMS.XFAM.
    public static final int XFAM = 65;
    /// TD_PARAMS.EPTP_CONTROLS.
    public static final int EPTP_CONTROLS = 67;
    /// TD_PARAMS.MAX_VCPUS.
    public static final int MAX_VCPUS = 68;
    /// TD_PARAMS.TSC_FREQUENCY.
    public static final int TSC_FREQUENCY = 70;
    /// An entry of a list of guest addresses.
    public static final int GPA_LIST_ENTRY = 97;
    /// An entry of a list of buffers.
    public static final int BUFFER_LIST_ENTRY = 98;
    /// An entry of a list of new pages.
    public static final int NEW_PAGE_LIST_ENTRY = 99;
    /// The root page of a TD, where no register names it.
    public static final int TDR = 128;
    /// The secure EPT as a whole.
    public static final int SEPT_TREE = 146;
    /// The epoch.
    public static final int TD_EPOCH = 169;
    /// The operation state.
    public static final int OP_STATE = 172;

    private OperandId() {
    }
}
