package org.enclosure.software;

import org.enclosure.api.Paging;
import org.enclosure.api.exit.VmExit;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.GuestRefusedException;

/// What a guest kernel does here: one hypercall per range. It keeps no record of its own, because neither an address nor a page
/// table entry tells a kind. In a VM without private memory everything is shared and there is nothing to ask.
final class SoftwareGuestDriver implements GuestDriver {
    /// How often a busy host is asked before the guest gives up.
    static final int MAX_TRIES = 100;

    private final boolean hasPrivate;

    SoftwareGuestDriver(boolean hasPrivate) {
        this.hasPrivate = hasPrivate;
    }

    @Override
    public void boot(GuestCpu cpu) {
        // Nothing has to be found out or registered.
    }

    @Override
    public void accept(GuestCpu cpu, long gpa, long bytes) {
        // Private memory can be used at once.
    }

    @Override
    public void share(GuestCpu cpu, long gpa, long bytes) {
        mapGpaRange(cpu, gpa, bytes, 0);
    }

    @Override
    public void unshare(GuestCpu cpu, long gpa, long bytes) {
        mapGpaRange(cpu, gpa, bytes, Hypercall.ENCRYPTED);
    }

    @Override
    public long tagged(long gpa, boolean isPrivate) {
        return gpa;
    }

    @Override
    public boolean onEvent(GuestCpu cpu, int event, long gpa) {
        return false;
    }

    private void mapGpaRange(GuestCpu cpu, long gpa, long bytes, long attributes) {
        if (!hasPrivate) {
            return;
        }
        long result = Hypercall.EAGAIN;
        for (int tries = 0; tries < MAX_TRIES && result == Hypercall.EAGAIN; tries++) {
            cpu.poll();
            RegisterFile registers = cpu.registers();
            registers.set(Hypercall.RAX, VmExit.MAP_GPA_RANGE);
            registers.set(Hypercall.RBX, gpa);
            registers.set(Hypercall.RCX, bytes >>> Paging.PAGE_SHIFT);
            registers.set(Hypercall.RDX, attributes);
            cpu.execute(SoftwareProvider.HYPERCALL, registers);
            result = registers.get(Hypercall.RAX);
        }
        if (result != Hypercall.SUCCESS) {
            throw new GuestRefusedException(
                    "MAP_GPA_RANGE gpa=0x" + Long.toHexString(gpa) + " bytes=0x" + Long.toHexString(bytes)
                            + " attributes=0x" + Long.toHexString(attributes) + ": the host answered " + result,
                    result);
        }
    }
}
