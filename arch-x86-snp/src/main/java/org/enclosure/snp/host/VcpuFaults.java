package org.enclosure.snp.host;

import org.enclosure.api.vcpu.GuestEvent;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;

/// Statuses of a vCPU with what they need in the detail.
final class VcpuFaults {
    /// Code of the exception #UD.
    static final int INVALID_OPCODE = 6;
    /// Code of the exception #GP.
    static final int GENERAL_PROTECTION = 13;
    /// Code of the exception #PF.
    static final int PAGE_FAULT = 14;
    /// Code of the exception #VC.
    static final int VMM_COMMUNICATION = 29;

    private VcpuFaults() {
    }

    /// The host has to look at the page.
    static long fault(long gfn, int access, int wantedLevel, FaultDetail detail) {
        detail.gfn = gfn;
        detail.access = access;
        detail.wantedLevel = wantedLevel;
        return Status.of(Status.FAULT);
    }

    /// The guest gets an exception that no memory access caused.
    static long exception(int number, long code, FaultDetail detail) {
        detail.event = GuestEvent.ABORT;
        detail.code = code;
        return Status.of(Status.TO_GUEST, 0, number);
    }

    /// The leaf if it permits the access, else a fault.
    static long permitted(long leaf, long gfn, int access, FaultDetail detail) {
        // The permissions of a leaf and of an access are the same bits.
        return (access & Leaf.ALL & ~Leaf.permissions(leaf)) == 0 ? leaf : fault(gfn, access, 0, detail);
    }
}
