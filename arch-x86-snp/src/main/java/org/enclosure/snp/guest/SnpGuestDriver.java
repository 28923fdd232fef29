package org.enclosure.snp.guest;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.snp.wire.Abi;
import org.enclosure.snp.wire.GhcbMsr;
import org.enclosure.snp.wire.PscEntry;
import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.GuestRefusedException;

/// A guest kernel under SEV-SNP, in Linux's order. Share: take the validation back, announce, then use the shared address. Unshare:
/// announce, validate, then use the private address.
///
/// Single pages go by the GHCB MSR's protocol, as early boot code does it. For more, a page of the range that is shared at that time
/// serves as GHCB page: the first of a range that becomes shared, the last of one that becomes private. The example guests keep no page
/// free for it.
///
/// It validates nothing in an exception handler, and no address twice: both would accept whatever the host has put there. Where a kernel
/// would end itself (set 1, reasons 0 to 2), an exception is thrown whose code is that value of the GHCB MSR.
public final class SnpGuestDriver implements GuestDriver {
    private static final long C_BIT = 1L << Abi.C_BIT;
    private static final long LARGE_BYTES = Paging.PAGES_PER_2M << Paging.PAGE_SHIFT;

    private final Validation validation;
    private final GhcbMsrClient msr = new GhcbMsrClient();
    private final PageStateClient pages = new PageStateClient(msr);

    /// Creates a driver of one vCPU.
    ///
    /// @param validated the guest's record, shared by its vCPUs
    public SnpGuestDriver(ValidatedPages validated) {
        validation = new Validation(validated);
    }

    /// Asks for the protocol's versions, the C-bit and the hypervisor's features, and ends if they do not fit.
    @Override
    public void boot(GuestCpu cpu) {
        msr.negotiate(cpu);
    }

    @Override
    public void accept(GuestCpu cpu, long gpa, long bytes) {
        validation.validate(cpu, gpa, bytes);
    }

    @Override
    public void share(GuestCpu cpu, long gpa, long bytes) {
        validation.rescind(cpu, gpa, bytes);
        single(cpu, gpa, Math.min(bytes, Paging.PAGE_SIZE), PscEntry.SHARED);
        long rest = gpa + Paging.PAGE_SIZE;
        if (gpa == 0 && bytes > Paging.PAGE_SIZE) {
            // The page at 0 cannot be the GHCB page: 0 in the MSR names none.
            single(cpu, rest, Paging.PAGE_SIZE, PscEntry.SHARED);
            rest += Paging.PAGE_SIZE;
        }
        if (gpa + bytes > rest) {
            pages.change(cpu, rest - Paging.PAGE_SIZE, rest, gpa + bytes - rest, PscEntry.SHARED);
        }
    }

    @Override
    public void unshare(GuestCpu cpu, long gpa, long bytes) {
        long last = gpa + bytes - Paging.PAGE_SIZE;
        if (bytes > Paging.PAGE_SIZE) {
            pages.change(cpu, last, gpa, bytes - Paging.PAGE_SIZE, PscEntry.PRIVATE);
            single(cpu, last, Paging.PAGE_SIZE, PscEntry.PRIVATE);
        } else {
            single(cpu, gpa, bytes, PscEntry.PRIVATE);
        }
        validation.validate(cpu, gpa, bytes);
    }

    private void single(GuestCpu cpu, long gpa, long bytes, int operation) {
        if (bytes != 0) {
            msr.changePage(cpu, gpa >>> Paging.PAGE_SHIFT, operation);
        }
    }

    @Override
    public long tagged(long gpa, boolean isPrivate) {
        return isPrivate ? gpa | C_BIT : gpa & ~C_BIT;
    }

    /// A page that is suddenly not validated was exchanged by the host.
    @Override
    public boolean onEvent(GuestCpu cpu, int event, long gpa) {
        return false;
    }

    /// What a kernel does when it cannot go on.
    static GuestRefusedException ended(int set, int reason, String what) {
        return new GuestRefusedException(what + "; a kernel ends itself, set " + set + " reason " + reason,
                GhcbMsr.terminate(set, reason));
    }

    /// Whether a 2M page begins at an address and ends before another.
    static boolean isLarge(long gpa, long end) {
        return (gpa & LARGE_BYTES - 1) == 0 && end - gpa >= LARGE_BYTES;
    }
}
