package org.enclosure.bench;

import org.enclosure.api.vcpu.RegisterFile;

/// What guests of x86-snp execute and write, by the numbers of the plugin's page and of the GHCB specification: the bench knows the SPI
/// alone.
final class SnpAbi {
    static final int PVALIDATE = 1;
    static final int VMGEXIT = 4;
    static final int WRMSR = 5;
    static final int RAX = 0;
    static final int RCX = 1;
    static final int RDX = 2;
    static final int RFLAGS = 16;
    static final long CF = 1;

    static final int EXIT_CODE = 0x390;
    static final int SCRATCH = 0x3a8;
    static final int VALID_BITMAP = 0x3f0;
    static final int SHARED_BUFFER = 0x800;
    static final long EVENT_PSC = 0x8000_0010L;
    static final int HEADER_BYTES = 8;
    /// Entries that fill the shared buffer.
    static final int MAX_ENTRIES = 253;

    private static final long GHCB_MSR = 0xc001_0130L;
    private static final int REGISTER_REQUEST = 0x12;
    private static final int END_SHIFT = 16;
    private static final int GFN_SHIFT = 12;
    private static final long SHARED_4K = 2L << 52;

    private SnpAbi() {
    }

    /// Registers for WRMSR of the GHCB MSR.
    static void msr(RegisterFile registers, long value) {
        registers.set(RCX, GHCB_MSR);
        registers.set(RAX, value & 0xffff_ffffL);
        registers.set(RDX, value >>> 32);
    }

    /// The value that registers a page as GHCB.
    static long registration(long gfn) {
        return gfn << GFN_SHIFT | REGISTER_REQUEST;
    }

    /// The header of a buffer with so many entries.
    static long header(int entries) {
        return (long) (entries - 1) << END_SHIFT;
    }

    /// An entry: one 4K page becomes shared.
    static long share(long gfn) {
        return gfn << GFN_SHIFT | SHARED_4K;
    }
}
