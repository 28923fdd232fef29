package org.enclosure.snp.guest;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.snp.wire.Abi;
import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.GuestRefusedException;

/// A guest kernel under SEV or SEV-ES: it tells the host about pages that it shares or takes back by the hypercall MAP_GPA_RANGE, so
/// that the host knows what to migrate how. Nothing has to be validated.
public final class SevGuestDriver implements GuestDriver {
    /// How often a busy host is asked before the guest gives up.
    public static final int MAX_TRIES = 100;

    private static final long EAGAIN = -11;
    private static final long C_BIT = 1L << Abi.C_BIT;

    /// Creates a driver.
    public SevGuestDriver() {
    }

    @Override
    public void boot(GuestCpu cpu) {
        // Everything is private from the start.
    }

    @Override
    public void accept(GuestCpu cpu, long gpa, long bytes) {
        // Nothing to accept.
    }

    @Override
    public void share(GuestCpu cpu, long gpa, long bytes) {
        tell(cpu, gpa, bytes, 0);
    }

    @Override
    public void unshare(GuestCpu cpu, long gpa, long bytes) {
        tell(cpu, gpa, bytes, Abi.ATTRIBUTE_ENCRYPTED);
    }

    private static void tell(GuestCpu cpu, long gpa, long bytes, long attributes) {
        long result = bytes == 0 ? 0 : EAGAIN;
        for (int tries = 0; tries < MAX_TRIES && result == EAGAIN; tries++) {
            cpu.poll();
            RegisterFile registers = cpu.registers();
            registers.set(Abi.RAX, Abi.MAP_GPA_RANGE);
            registers.set(Abi.RBX, gpa);
            registers.set(Abi.RCX, bytes >>> Paging.PAGE_SHIFT);
            registers.set(Abi.RDX, attributes);
            cpu.execute(Abi.VMMCALL, registers);
            result = registers.get(Abi.RAX);
        }
        if (result != 0) {
            throw new GuestRefusedException("MAP_GPA_RANGE gpa=0x" + Long.toHexString(gpa) + " bytes=0x"
                    + Long.toHexString(bytes) + " attributes=0x" + Long.toHexString(attributes) + ": the host answered "
                    + result, result);
        }
    }

    @Override
    public long tagged(long gpa, boolean isPrivate) {
        return isPrivate ? gpa | C_BIT : gpa & ~C_BIT;
    }

    @Override
    public boolean onEvent(GuestCpu cpu, int event, long gpa) {
        return false;
    }
}
