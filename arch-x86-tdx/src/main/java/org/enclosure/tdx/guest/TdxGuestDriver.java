package org.enclosure.tdx.guest;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.GuestRefusedException;
import org.enclosure.tdx.wire.Gpr;
import org.enclosure.tdx.wire.Tdcall;
import org.enclosure.tdx.wire.TdxStatus;

/// A TDX guest in Linux's order. Share: announce by MapGPA, then use the shared address. Unshare: announce, accept, then use the
/// private address.
///
/// It accepts nothing in the #VE handler: a private page that is suddenly pending was taken away by the host, and accepting it would
/// accept the loss of what was there.
public final class TdxGuestDriver implements GuestDriver {
    /// How often a host that makes no progress is asked before the guest gives up.
    static final int MAX_TRIES = 3;

    private static final int TOP_LEVEL = 2;
    private static final int BUSY_TRIES = 100_000;
    private static final int EAGER_TRIES = 100;

    private final long sharedBit;

    /// Creates the driver of a guest.
    ///
    /// @param sharedBit the bit that makes its addresses shared
    public TdxGuestDriver(long sharedBit) {
        this.sharedBit = sharedBit;
    }

    /// Asks for the width of its addresses, as Linux does before anything else.
    @Override
    public void boot(GuestCpu cpu) {
        RegisterFile registers = cpu.registers();
        registers.set(Gpr.RAX, Tdcall.VP_INFO);
        cpu.execute(Tdcall.INSTRUCTION, registers);
        long width = registers.get(Gpr.RCX) & 0x3f;
        if (registers.get(Gpr.RAX) != TdxStatus.SUCCESS || 1L << width - 1 != sharedBit) {
            throw new GuestRefusedException("TDG.VP.INFO says that guest addresses have " + width
                    + " bits, which does not fit the shared bit 0x" + Long.toHexString(sharedBit),
                    registers.get(Gpr.RAX));
        }
    }

    @Override
    public void accept(GuestCpu cpu, long gpa, long bytes) {
        for (long at = gpa; at < gpa + bytes;) {
            int level = TOP_LEVEL;
            while (level >= 0 && !acceptOne(cpu, at, gpa + bytes - at, level)) {
                level--;
            }
            if (level < 0) {
                throw new GuestRefusedException("TDG.MEM.PAGE.ACCEPT of gpa=0x" + Long.toHexString(at) + " answered 0x"
                        + Long.toHexString(cpu.registers().get(Gpr.RAX)), cpu.registers().get(Gpr.RAX));
            }
            at += size(level);
        }
    }

    private static long size(int level) {
        return Paging.pages(level + 1) << Paging.PAGE_SHIFT;
    }

    /// Every status but 0 fails the try, "accepted already" as well: what was accepted before was not accepted by this call.
    @SuppressWarnings("ThreadPriorityCheck") // a hint, nothing depends on it
    private static boolean acceptOne(GuestCpu cpu, long gpa, long bytes, int level) {
        if ((gpa & size(level) - 1) != 0 || bytes < size(level)) {
            return false;
        }
        RegisterFile registers = cpu.registers();
        for (int tries = 0; tries < BUSY_TRIES; tries++) {
            registers.set(Gpr.RAX, Tdcall.MEM_PAGE_ACCEPT);
            registers.set(Gpr.RCX, gpa | level);
            cpu.execute(Tdcall.INSTRUCTION, registers);
            if (!TdxStatus.isBusy(registers.get(Gpr.RAX))) {
                break;
            }
            cpu.poll();
            if (tries > EAGER_TRIES) {
                Thread.yield(); // whoever holds the lock may wait for a processor
            }
        }
        return registers.get(Gpr.RAX) == TdxStatus.SUCCESS;
    }

    @Override
    public void share(GuestCpu cpu, long gpa, long bytes) {
        map(cpu, gpa | sharedBit, bytes);
    }

    @Override
    public void unshare(GuestCpu cpu, long gpa, long bytes) {
        map(cpu, gpa & ~sharedBit, bytes);
        accept(cpu, gpa, bytes);
    }

    /// Announces a change. A host that says RETRY must say from where, within what was asked for; without progress it is asked
    /// [#MAX_TRIES] times.
    private static void map(GuestCpu cpu, long gpa, long bytes) {
        RegisterFile registers = cpu.registers();
        long at = gpa;
        long end = gpa + bytes;
        for (int tries = 0; tries < MAX_TRIES && at < end;) {
            cpu.poll();
            call(cpu, registers, at, end - at);
            long answer = registers.get(Gpr.R10);
            if (answer == Tdcall.SUCCESS && registers.get(Gpr.RAX) == TdxStatus.SUCCESS) {
                return;
            }
            long next = registers.get(Gpr.R11);
            boolean isAgain = answer == Tdcall.RETRY && next >= at && next < end;
            if (!isAgain) {
                throw refused(at, end, answer, next);
            }
            tries = next == at ? tries + 1 : 0;
            at = next;
        }
        if (at < end) {
            throw refused(at, end, registers.get(Gpr.R10), registers.get(Gpr.R11));
        }
    }

    private static void call(GuestCpu cpu, RegisterFile registers, long gpa, long bytes) {
        registers.clear();
        registers.set(Gpr.RAX, Tdcall.VP_VMCALL);
        registers.set(Gpr.RCX, Tdcall.LINUX_MASK);
        registers.set(Gpr.R11, Tdcall.MAP_GPA);
        registers.set(Gpr.R12, gpa);
        registers.set(Gpr.R13, bytes);
        cpu.execute(Tdcall.INSTRUCTION, registers);
    }

    private static GuestRefusedException refused(long gpa, long end, long answer, long next) {
        return new GuestRefusedException("MapGPA of gpa=0x" + Long.toHexString(gpa) + " bytes=0x"
                + Long.toHexString(end - gpa) + ": the host answered R10=0x" + Long.toHexString(answer) + " R11=0x"
                + Long.toHexString(next), answer);
    }

    @Override
    public long tagged(long gpa, boolean isPrivate) {
        return isPrivate ? gpa & ~sharedBit : gpa | sharedBit;
    }

    /// Reads what there is to know of a #VE, and leaves it unhandled.
    @Override
    public boolean onEvent(GuestCpu cpu, int event, long gpa) {
        if (event == GuestEvent.UNACCEPTED) {
            RegisterFile registers = cpu.registers();
            registers.set(Gpr.RAX, Tdcall.VP_VEINFO_GET);
            cpu.execute(Tdcall.INSTRUCTION, registers);
        }
        return false;
    }
}
