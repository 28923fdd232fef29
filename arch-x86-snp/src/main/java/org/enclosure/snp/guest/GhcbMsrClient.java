package org.enclosure.snp.guest;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.snp.wire.Abi;
import org.enclosure.snp.wire.Ghcb;
import org.enclosure.snp.wire.GhcbMsr;

/// The guest's side of the GHCB MSR: each answer has to be of the kind that was asked for.
final class GhcbMsrClient {
    private static final int GENERAL_SET = 0;
    private static final int PROTOCOL_UNSUPPORTED = 1;
    private static final int FEATURES_UNSUPPORTED = 2;
    private static final int GUEST_SET = 1;
    private static final int REGISTER_FAILED = 0;
    private static final int PSC_FAILED = 1;
    private static final long VERSION = 2;

    void negotiate(GuestCpu cpu) {
        long info = ask(cpu, GhcbMsr.SEV_INFO_REQUEST);
        boolean fits = GhcbMsr.info(info) == GhcbMsr.SEV_INFO_RESPONSE && GhcbMsr.min(info) <= VERSION
                && GhcbMsr.max(info) >= VERSION && GhcbMsr.cBit(info) == Abi.C_BIT;
        if (!fits) {
            throw SnpGuestDriver.ended(GENERAL_SET, PROTOCOL_UNSUPPORTED,
                    "GHCB protocol: the host answered 0x" + Long.toHexString(info));
        }
        long features = ask(cpu, GhcbMsr.FEATURES_REQUEST);
        if (GhcbMsr.info(features) != GhcbMsr.FEATURES_RESPONSE
                || (GhcbMsr.data(features) & Ghcb.FEATURES) != Ghcb.FEATURES) {
            throw SnpGuestDriver.ended(GENERAL_SET, FEATURES_UNSUPPORTED,
                    "hypervisor features: the host answered 0x" + Long.toHexString(features));
        }
    }

    /// Asks for one page; the answer must be of its kind, without error and without a reserved bit.
    void changePage(GuestCpu cpu, long gfn, int operation) {
        cpu.poll();
        long answer = ask(cpu, GhcbMsr.psc(gfn, operation));
        if (answer != GhcbMsr.ofUpper(GhcbMsr.PSC_RESPONSE, 0)) {
            throw SnpGuestDriver.ended(GUEST_SET, PSC_FAILED, "page state change of gpa=0x"
                    + Long.toHexString(gfn << Paging.PAGE_SHIFT) + ": the host answered 0x" + Long.toHexString(answer));
        }
    }

    /// Registers a page and makes it the GHCB of this vCPU; the host must say the same page again.
    void register(GuestCpu cpu, long gpa) {
        long gfn = gpa >>> Paging.PAGE_SHIFT;
        long answer = ask(cpu, GhcbMsr.of(GhcbMsr.REGISTER_REQUEST, gfn));
        if (answer != GhcbMsr.of(GhcbMsr.REGISTER_RESPONSE, gfn)) {
            throw SnpGuestDriver.ended(GUEST_SET, REGISTER_FAILED, "registration of the GHCB at gpa=0x"
                    + Long.toHexString(gpa) + ": the host answered 0x" + Long.toHexString(answer));
        }
        write(cpu, gpa);
    }

    void exit(GuestCpu cpu) {
        cpu.execute(Abi.VMGEXIT, cpu.registers());
    }

    private long ask(GuestCpu cpu, long request) {
        write(cpu, request);
        exit(cpu);
        RegisterFile registers = cpu.registers();
        registers.set(Abi.RCX, GhcbMsr.NUMBER);
        cpu.execute(Abi.RDMSR, registers);
        return registers.get(Abi.RDX) << 32 | registers.get(Abi.RAX) & 0xffff_ffffL;
    }

    private static void write(GuestCpu cpu, long value) {
        RegisterFile registers = cpu.registers();
        registers.set(Abi.RCX, GhcbMsr.NUMBER);
        registers.set(Abi.RAX, value & 0xffff_ffffL);
        registers.set(Abi.RDX, value >>> 32);
        cpu.execute(Abi.WRMSR, registers);
    }
}
