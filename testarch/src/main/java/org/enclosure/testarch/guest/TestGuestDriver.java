package org.enclosure.testarch.guest;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.AddressTag;
import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.GuestRefusedException;
import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmTraits;
import org.enclosure.testarch.wire.Abi;

/// A guest kernel in Linux's order. Share: take the acceptance back, announce, then use the shared address. Unshare: announce,
/// accept, then use the private address.
///
/// It accepts nothing in an exception handler: a page that is suddenly not accepted was taken away by the host, and accepting it
/// would accept whatever the host has put there.
public final class TestGuestDriver implements GuestDriver {
    /// How often a busy host is asked before the guest gives up.
    public static final int MAX_TRIES = 100;

    private final AddressTag tag;
    private final boolean accepts;

    /// Creates the driver of a guest.
    ///
    /// @param traits of its VM; with an address tag
    public TestGuestDriver(VmTraits traits) {
        AddressTag present = traits.tag();
        if (present == null) {
            throw new IllegalArgumentException(
                    "every VM type of the test platform has an address tag, but not " + traits);
        }
        tag = present;
        accepts = traits.has(VmTrait.ACCEPT_NEEDED);
    }

    @Override
    public void boot(GuestCpu cpu) {
        // Nothing has to be found out or registered.
    }

    @Override
    public void accept(GuestCpu cpu, long gpa, long bytes) {
        setAccepted(cpu, gpa, bytes, true);
    }

    @Override
    public void share(GuestCpu cpu, long gpa, long bytes) {
        setAccepted(cpu, gpa, bytes, false);
        convert(cpu, gpa, bytes, false);
    }

    @Override
    public void unshare(GuestCpu cpu, long gpa, long bytes) {
        convert(cpu, gpa, bytes, true);
        setAccepted(cpu, gpa, bytes, true);
    }

    @Override
    public long tagged(long gpa, boolean isPrivate) {
        return tag.tagged(gpa, isPrivate);
    }

    @Override
    public boolean onEvent(GuestCpu cpu, int event, long gpa) {
        return false;
    }

    private void convert(GuestCpu cpu, long gpa, long bytes, boolean toPrivate) {
        long at = gpa;
        long end = gpa + bytes;
        long code = at == end ? Abi.SUCCESS : Abi.BUSY;
        for (int tries = 0; tries < MAX_TRIES && code == Abi.BUSY; tries++) {
            cpu.poll();
            code = execute(cpu, Abi.CALL, Abi.FUNCTION_CONVERT, at, end - at >>> Paging.PAGE_SHIFT, toPrivate);
            long next = cpu.registers().get(1);
            if (next < at || next > end) {
                throw new GuestRefusedException("the host answered that it got to gpa=0x" + Long.toHexString(next)
                        + ", which was not asked for", code);
            }
            at = next;
        }
        if (code != Abi.SUCCESS) {
            throw new GuestRefusedException(
                    "conversion to " + (toPrivate ? "private" : "shared") + " of gpa=0x" + Long.toHexString(at)
                            + " bytes=0x" + Long.toHexString(end - at) + ": the host answered " + code,
                    code);
        }
    }

    private void setAccepted(GuestCpu cpu, long gpa, long bytes, boolean accepted) {
        if (!accepts) {
            return;
        }
        for (long at = gpa; at < gpa + bytes;) {
            boolean fits = Paging.isAligned(at >>> Paging.PAGE_SHIFT, Paging.LEVEL_2M)
                    && gpa + bytes - at >= Paging.PAGES_PER_2M << Paging.PAGE_SHIFT;
            if (fits && acceptOne(cpu, at, Paging.LEVEL_2M, accepted)) {
                at += Paging.PAGES_PER_2M << Paging.PAGE_SHIFT;
                continue;
            }
            for (long small = fits ? Paging.PAGES_PER_2M : 1; small > 0; small--, at += Paging.PAGE_SIZE) {
                acceptOne(cpu, at, Paging.LEVEL_4K, accepted);
            }
        }
    }

    /// Accepts one page, or takes that back; false if it is mapped in a smaller size.
    private static boolean acceptOne(GuestCpu cpu, long gpa, int level, boolean accepted) {
        long code = execute(cpu, Abi.ACCEPT, 0, gpa, level, accepted);
        if (code != Abi.SUCCESS && (code != Abi.SIZE_MISMATCH || level == Paging.LEVEL_4K)) {
            throw new GuestRefusedException(
                    "ACCEPT gpa=0x" + Long.toHexString(gpa) + " level=" + level + " answered " + code, code);
        }
        return code == Abi.SUCCESS;
    }

    private static long execute(GuestCpu cpu, int instruction, long first, long second, long third, boolean fourth) {
        RegisterFile registers = cpu.registers();
        registers.set(0, first);
        registers.set(1, second);
        registers.set(2, third);
        registers.set(3, fourth ? 1 : 0);
        cpu.execute(instruction, registers);
        return registers.get(0);
    }
}
