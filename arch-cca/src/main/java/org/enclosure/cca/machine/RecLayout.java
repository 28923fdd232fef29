package org.enclosure.cca.machine;

/// A realm execution context in its granule: byte offsets.
///
/// ```
/// 0x00 rd          0x08 index        0x10 runnable     0x18 pc          0x20 run page while it runs
/// 0x28 exit to be written    0x30 last abort    0x38 what the next entry completes
/// 0x40 RIPAS request: base, 0x48 top, 0x50 next, 0x58 ripas, 0x60 flags        0x68 IPA of a host call
/// 0x70 target of a PSCI call  0x78 its function     0x80 its entry point   0x88 its context
/// 0x90 exit record: esr, 0x98 far, 0xa0 hpfar, 0xa8 imm     0xb0 far of an abort   0xb8 register of an abort
/// 0xc0 is the abort a store
/// 0x100 auxiliary granules[16]      0x200 gprs[31]      0x300 gprs of the exit record[31]
/// ```
final class RecLayout {
    static final int RD = 0;
    static final int INDEX = 0x8;
    static final int RUNNABLE = 0x10;
    static final int PC = 0x18;
    static final int RUN = 0x20;
    static final int EXIT = 0x28;
    static final int ABORT = 0x30;
    static final int COMPLETES = 0x38;
    static final int RIPAS_BASE = 0x40;
    static final int RIPAS_TOP = 0x48;
    static final int RIPAS_NEXT = 0x50;
    static final int RIPAS_VALUE = 0x58;
    static final int RIPAS_FLAGS = 0x60;
    static final int HOST_CALL_IPA = 0x68;
    static final int PSCI_TARGET = 0x70;
    static final int PSCI_FUNCTION = 0x78;
    static final int PSCI_ENTRY = 0x80;
    static final int PSCI_CONTEXT = 0x88;
    static final int ESR = 0x90;
    static final int FAR = 0x98;
    static final int HPFAR = 0xa0;
    static final int IMM = 0xa8;
    static final int ABORT_IPA = 0xb0;
    static final int ABORT_REGISTER = 0xb8;
    static final int ABORT_IS_STORE = 0xc0;
    static final int AUX = 0x100;
    static final int GPRS = 0x200;
    static final int EXIT_GPRS = 0x300;

    /// EXIT: none is due.
    static final int NO_EXIT = -1;

    /// ABORT: none.
    static final int ABORT_NONE = 0;
    /// ABORT: at a protected IPA, or a fetch.
    static final int ABORT_PROTECTED = 1;
    /// ABORT: a load or store at an unprotected IPA that the host can emulate.
    static final int ABORT_EMULATABLE = 2;

    /// COMPLETES: nothing.
    static final int NOTHING = 0;
    /// COMPLETES: a RIPAS change.
    static final int RIPAS_CHANGE = 1;
    /// COMPLETES: a host call.
    static final int HOST_CALL = 2;
    /// COMPLETES: a PSCI call that the host has to complete first.
    static final int PSCI_PENDING = 3;
    /// COMPLETES: a PSCI call whose result is in the first register.
    static final int PSCI_DONE = 4;

    private RecLayout() {
    }
}
