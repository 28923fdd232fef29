package org.enclosure.cli.verify.snp;

import org.enclosure.api.vcpu.RegisterFile;

/// The numbers of the plugin's instructions and registers, as its guest programs use them, and the one MSR.
final class GuestAbi {
    static final int PVALIDATE = 1;
    static final int VMGEXIT = 4;
    static final int WRMSR = 5;
    static final int RDMSR = 6;
    static final int RAX = 0;
    static final int RCX = 1;
    static final int RDX = 2;
    static final int RFLAGS = 16;
    static final long GHCB_MSR = 0xc001_0130L;
    static final long EVENT_PSC = 0x8000_0010L;

    private GuestAbi() {
    }

    static void setMsr(RegisterFile registers, long value) {
        registers.set(RCX, GHCB_MSR);
        registers.set(RAX, value & 0xffff_ffffL);
        registers.set(RDX, value >>> 32);
    }

    static long msr(RegisterFile registers) {
        return registers.get(RDX) << 32 | registers.get(RAX) & 0xffff_ffffL;
    }
}
