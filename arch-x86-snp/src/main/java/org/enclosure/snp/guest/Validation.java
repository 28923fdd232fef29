package org.enclosure.snp.guest;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.snp.wire.Abi;

/// PVALIDATE of ranges: 2M where it fits, else 4K. A carry flag means that nothing changed, which is an attack or a mistake.
final class Validation {
    private static final int GUEST_SET = 1;
    private static final int PVALIDATE_FAILED = 2;
    private static final long SIZE_MISMATCH = 6;
    private static final long LARGE_BYTES = Paging.PAGES_PER_2M << Paging.PAGE_SHIFT;

    private final ValidatedPages record;

    Validation(ValidatedPages record) {
        this.record = record;
    }

    /// Validates pages that the record does not have.
    void validate(GuestCpu cpu, long gpa, long bytes) {
        long first = record.firstIn(gpa >>> Paging.PAGE_SHIFT, bytes >>> Paging.PAGE_SHIFT);
        if (first >= 0) {
            throw failed("gpa=0x" + Long.toHexString(first << Paging.PAGE_SHIFT) + " is validated already");
        }
        change(cpu, gpa, bytes, true);
    }

    /// Takes back the validation of those pages of a range that have it.
    void rescind(GuestCpu cpu, long gpa, long bytes) {
        long end = gpa + bytes;
        for (long at = gpa; at < end;) {
            long from = at;
            while (at < end && record.contains(at >>> Paging.PAGE_SHIFT)) {
                at += Paging.PAGE_SIZE;
            }
            change(cpu, from, at - from, false);
            while (at < end && !record.contains(at >>> Paging.PAGE_SHIFT)) {
                at += Paging.PAGE_SIZE;
            }
        }
    }

    private void change(GuestCpu cpu, long gpa, long bytes, boolean validate) {
        long end = gpa + bytes;
        for (long at = gpa; at < end;) {
            boolean fits = SnpGuestDriver.isLarge(at, end);
            if (fits && pvalidate(cpu, at, true, validate)) {
                at += LARGE_BYTES;
                continue;
            }
            for (long small = fits ? Paging.PAGES_PER_2M : 1; small > 0; small--, at += Paging.PAGE_SIZE) {
                pvalidate(cpu, at, false, validate);
            }
        }
    }

    /// @return false if the page is mapped in 4K
    private boolean pvalidate(GuestCpu cpu, long gpa, boolean large, boolean validate) {
        RegisterFile registers = cpu.registers();
        registers.set(Abi.RAX, gpa);
        registers.set(Abi.RCX, large ? 1 : 0);
        registers.set(Abi.RDX, validate ? 1 : 0);
        registers.set(Abi.RFLAGS, 0);
        cpu.execute(Abi.PVALIDATE, registers);
        boolean carry = (registers.get(Abi.RFLAGS) & Abi.CF) != 0;
        long result = registers.get(Abi.RAX);
        if (large && result == SIZE_MISMATCH) {
            return false;
        }
        if (result != 0 || carry) {
            throw failed("PVALIDATE gpa=0x" + Long.toHexString(gpa) + (large ? " 2M" : " 4K") + " validate=" + validate
                    + " answered " + result + (carry ? " with carry: nothing changed" : ""));
        }
        long pages = large ? Paging.PAGES_PER_2M : 1;
        if (validate) {
            record.add(gpa >>> Paging.PAGE_SHIFT, pages);
        } else {
            record.remove(gpa >>> Paging.PAGE_SHIFT, pages);
        }
        return true;
    }

    private static RuntimeException failed(String what) {
        return SnpGuestDriver.ended(GUEST_SET, PVALIDATE_FAILED, what);
    }
}
