package org.enclosure.core.hostside;

import org.enclosure.api.Access;
import org.enclosure.api.Paging;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.host.HostAccessException.Signal;
import org.enclosure.api.host.PhysicalAccess;
import org.enclosure.core.machine.HostCore;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.Status;

/// Raw access, judged by the platform.
public final class PhysicalAccessImpl implements PhysicalAccess {
    private final HostCore host;
    private final StaleDropper dropper;
    private final Runnable checkOpen;

    /// Drops translations that a raw access made stale.
    public interface StaleDropper {
        /// Drops all translations of all VMs.
        void dropAll();
    }

    /// Creates the access of a host.
    ///
    /// @param checkOpen throws if the host is closed
    public PhysicalAccessImpl(HostCore host, StaleDropper dropper, Runnable checkOpen) {
        this.host = host;
        this.checkOpen = checkOpen;
        this.dropper = dropper;
    }

    @Override
    public long loadLong(long pa) {
        long status = judge(pa, Access.READ);
        long value = host.physical().getLong(pa);
        // What is read without the key: a keyed function of content and address, never the plaintext.
        return Status.has(status, Status.JUNK) ? scrambled(value, pa) : value;
    }

    @Override
    public void storeLong(long pa, long value) {
        judge(pa, Access.WRITE);
        if (host.frames().isTable(pa >>> Paging.PAGE_SHIFT)) {
            throw new HostAccessException(Signal.DENIED, pa, "the frame holds tables of the engine");
        }
        host.frames().noteRawWrite(pa >>> Paging.PAGE_SHIFT);
        host.physical().putLong(pa, value);
    }

    private long judge(long pa, int access) {
        checkOpen.run();
        if ((pa & Long.BYTES - 1) != 0 || !host.physical().contains(pa, Long.BYTES)) {
            throw new HostAccessException(Signal.SIGSEGV, pa, "not an aligned word of host memory");
        }
        if (host.frames().isPoisoned(pa >>> Paging.PAGE_SHIFT)) {
            throw new HostAccessException(Signal.POISONED, pa, "the memory of the frame has failed");
        }
        FaultDetail detail = new FaultDetail();
        long status = host.platform().hostAccess(pa >>> Paging.PAGE_SHIFT, access, detail);
        if (Status.has(status, Status.STALE)) {
            dropper.dropAll();
        }
        if (status < 0) {
            throw new HostAccessException(Signal.DENIED, pa, host.architecture() + " refuses the access: "
                    + Status.describe(status) + (detail.owner == FaultDetail.NOBODY ? "" : ", owner " + detail.owner));
        }
        if (Status.has(status, Status.POISONED)) {
            throw new HostAccessException(Signal.POISONED, pa, "the access poisoned the page");
        }
        return status;
    }

    private static long scrambled(long value, long pa) {
        long mixed = (value ^ pa) * 0x9e37_79b9_7f4a_7c15L;
        return (mixed ^ mixed >>> 29) * 0xbf58_476d_1ce4_e5b9L | 1;
    }
}
