package org.enclosure.snp.launch;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

import org.enclosure.api.Paging;

/// The register page with which a vCPU starts (AMD64 Architecture Programmer's Manual volume 2, appendix B, table B-4).
///
/// ```
/// 0x000  es cs ss ds fs gs gdtr ldtr idtr tr    16 bytes each: selector 2, attributes 2, limit 4, base 8
/// 0x0D0  efer      0x148  cr4    0x158  cr0    0x160  dr7    0x168  dr6    0x170  rflags    0x178  rip
/// 0x268  g_pat     0x310  rdx    0x3B0  SEV features         0x3E8  xcr0   0x408  mxcsr     0x410  x87 fcw
/// ```
///
/// Which values a VMM sets is its own choice and measured, so a verifier has to know the VMM.
public final class Vmsa {
    /// The address that KVM has a VMSA measured with, whatever the guest's physical width is.
    public static final long MEASURED_GPA = 0xFFFF_FFFF_F000L;
    /// Where the boot vCPU starts.
    public static final long RESET_VECTOR = 0xFFFF_FFF0L;

    private static final int SEGMENT_SIZE = 16;
    private static final int ES = 0;
    private static final int CS = 1;
    private static final int SS = 2;
    private static final int DS = 3;
    private static final int FS = 4;
    private static final int GS = 5;
    private static final int GDTR = 6;
    private static final int LDTR = 7;
    private static final int IDTR = 8;
    private static final int TR = 9;
    private static final int EFER = 0xD0;
    private static final int CR4 = 0x148;
    private static final int CR0 = 0x158;
    private static final int DR7 = 0x160;
    private static final int DR6 = 0x168;
    private static final int RFLAGS = 0x170;
    private static final int RIP = 0x178;
    private static final int G_PAT = 0x268;
    private static final int RDX = 0x310;
    private static final int SEV_FEATURES = 0x3B0;
    private static final int XCR0 = 0x3E8;
    private static final int MXCSR = 0x408;
    private static final int FCW = 0x410;

    private static final int DATA_FLAT = 0xC93;
    private static final int CODE_FLAT = 0xC9B;
    private static final int DATA = 0x93;
    private static final long PAT_RESET = 0x0007_0406_0007_0406L;
    private static final long PAT_GCE = 0x0007_0106L;
    /// What EC2 and GCE leave in RDX instead of the processor's signature.
    private static final long RDX_FIXED = 0x600;
    private static final int MXCSR_RESET = 0x1F80;
    private static final short FCW_RESET = 0x37F;

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final byte[] bytes = new byte[(int) Paging.PAGE_SIZE];
    private final MemorySegment page = MemorySegment.ofArray(bytes);

    private Vmsa() {
    }

    /// The page of a vCPU that starts in firmware, in real mode.
    ///
    /// @param vmm who builds it
    /// @param eip where the vCPU starts; [#RESET_VECTOR] for the boot vCPU
    /// @param signature the processor's CPUID signature
    /// @param features the SEV features of the guest; 0 for SEV-ES
    /// @return 4096 bytes
    public static byte[] ofFirmware(Vmm vmm, long eip, long signature, long features) {
        Vmsa vmsa = new Vmsa();
        vmsa.common(features);
        vmsa.realMode(vmm, eip);
        vmsa.page.set(LONG, RIP, eip & 0xFFFF);
        vmsa.page.set(LONG, CR0, 0x10);
        vmsa.page.set(LONG, G_PAT, vmm == Vmm.GCE ? PAT_GCE : PAT_RESET);
        vmsa.page.set(LONG, RDX, vmm == Vmm.QEMU ? signature : RDX_FIXED);
        if (vmm == Vmm.QEMU) {
            vmsa.page.set(INT, MXCSR, MXCSR_RESET);
            vmsa.page.set(SHORT, FCW, FCW_RESET);
        }
        return vmsa.bytes;
    }

    /// The page of a vCPU that starts in an SVSM, in flat protected mode, as sev-snp-measure has it: the x87 control word is 0
    /// there, though MXCSR has its reset value.
    ///
    /// @return 4096 bytes
    public static byte[] ofSvsm(long eip, long signature, long features) {
        Vmsa vmsa = new Vmsa();
        vmsa.common(features);
        for (int segment : new int[] {ES, SS, DS, FS}) {
            vmsa.segment(segment, 0x10, DATA_FLAT, 0xFFFF_FFFF, 0);
        }
        vmsa.segment(CS, 0x8, CODE_FLAT, 0xFFFF_FFFF, 0);
        vmsa.segment(GS, 0, DATA, 0xFFFF, 0);
        vmsa.segment(TR, 0, 0x8B, 0xFFFF, 0);
        vmsa.page.set(LONG, RIP, eip);
        vmsa.page.set(LONG, CR0, 0x11);
        vmsa.page.set(LONG, G_PAT, PAT_RESET);
        vmsa.page.set(LONG, RDX, signature);
        vmsa.page.set(INT, MXCSR, MXCSR_RESET);
        return vmsa.bytes;
    }

    private void common(long features) {
        segment(GDTR, 0, 0, 0xFFFF, 0);
        segment(LDTR, 0, 0x82, 0xFFFF, 0);
        segment(IDTR, 0, 0, 0xFFFF, 0);
        page.set(LONG, EFER, 0x1000);
        page.set(LONG, CR4, 0x40);
        page.set(LONG, DR7, 0x400);
        page.set(LONG, DR6, 0xFFFF_0FF0L);
        page.set(LONG, RFLAGS, 2);
        page.set(LONG, SEV_FEATURES, features);
        page.set(LONG, XCR0, 1);
    }

    private void realMode(Vmm vmm, long eip) {
        boolean ec2 = vmm == Vmm.EC2;
        for (int segment : new int[] {ES, DS, FS, GS}) {
            segment(segment, 0, DATA, 0xFFFF, 0);
        }
        // EC2's boot vCPU has not touched its code segment yet, its other ones have; stack and task segments differ on all.
        segment(CS, 0xF000, ec2 && eip == RESET_VECTOR ? 0x9A : 0x9B, 0xFFFF, eip & 0xFFFF_0000L);
        segment(SS, 0, ec2 ? 0x92 : DATA, 0xFFFF, 0);
        segment(TR, 0, ec2 ? 0x83 : 0x8B, 0xFFFF, 0);
    }

    private void segment(int index, int selector, int attributes, int limit, long base) {
        int at = index * SEGMENT_SIZE;
        page.set(SHORT, at, (short) selector);
        page.set(SHORT, at + 2, (short) attributes);
        page.set(INT, at + 4, limit);
        page.set(LONG, at + 8, base);
    }
}
