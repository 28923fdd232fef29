package org.enclosure.pkvm.guest;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.pkvm.wire.Smccc;
import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.GuestRefusedException;

/// Linux as a guest. It looks for the KVM vendor hypervisor and its calls; only where a granule, share and unshare are there does it
/// use them. Both go page by page, or by ranges where EL2 takes them; what was done before a refusal is not undone.
public final class PkvmGuestDriver implements GuestDriver {
    private static final long NEEDED = 1 << Smccc.HYP_MEMINFO | 1 << Smccc.MEM_SHARE | 1 << Smccc.MEM_UNSHARE;

    private boolean discovered;
    private boolean isProtected;
    private boolean hasRanges;

    /// Creates the driver of one vCPU.
    public PkvmGuestDriver() {
    }

    @Override
    public void boot(GuestCpu cpu) {
        discovered = true;
        isProtected = isKvm(cpu) && (call(cpu, Smccc.FEATURES, 0, 0) & NEEDED) == NEEDED
                && granule(cpu) <= Paging.PAGE_SIZE;
    }

    private static boolean isKvm(GuestCpu cpu) {
        RegisterFile registers = cpu.registers();
        call(cpu, Smccc.CALL_UID, 0, 0);
        boolean same = true;
        for (int word = 0; word < 4; word++) {
            same &= (registers.get(word) & 0xffff_ffffL) == Smccc.uid(word);
        }
        return same;
    }

    private long granule(GuestCpu cpu) {
        long granule = call(cpu, Smccc.SERVICE + Smccc.HYP_MEMINFO, 0, 0);
        hasRanges = (cpu.registers().get(1) & Smccc.RANGES) != 0;
        return granule <= 0 ? Long.MAX_VALUE : granule;
    }

    /// Nothing: a page that the guest touches is its own.
    @Override
    public void accept(GuestCpu cpu, long gpa, long bytes) {
        // There is no acceptance.
    }

    @Override
    public void share(GuestCpu cpu, long gpa, long bytes) {
        convert(cpu, Smccc.MEM_SHARE, gpa, bytes);
    }

    @Override
    public void unshare(GuestCpu cpu, long gpa, long bytes) {
        convert(cpu, Smccc.MEM_UNSHARE, gpa, bytes);
    }

    @Override
    public long tagged(long gpa, boolean isPrivate) {
        return gpa;
    }

    @Override
    public boolean onEvent(GuestCpu cpu, int event, long gpa) {
        return false;
    }

    private void convert(GuestCpu cpu, int function, long gpa, long bytes) {
        if (!discovered) {
            boot(cpu);
        }
        if (!isProtected) {
            return; // as set_memory_decrypted where no driver has registered
        }
        for (long at = gpa; at < gpa + bytes;) {
            cpu.poll();
            long pages = hasRanges ? gpa + bytes - at >>> Paging.PAGE_SHIFT : 0;
            long result = call(cpu, Smccc.SERVICE + function, at, pages);
            long done = hasRanges ? cpu.registers().get(1) : 1;
            if (result != Smccc.SUCCESS || done <= 0 || done > Math.max(pages, 1)) {
                throw new GuestRefusedException((function == Smccc.MEM_SHARE ? "MEM_SHARE" : "MEM_UNSHARE") + " gpa=0x"
                        + Long.toHexString(at) + " answered " + result + " after " + done + " pages", result);
            }
            at += done << Paging.PAGE_SHIFT;
        }
    }

    private static long call(GuestCpu cpu, int function, long first, long second) {
        RegisterFile registers = cpu.registers();
        registers.set(0, function & 0xffff_ffffL);
        registers.set(1, first);
        registers.set(2, second);
        registers.set(3, 0);
        cpu.execute(Smccc.HVC, registers);
        return registers.get(0);
    }
}
