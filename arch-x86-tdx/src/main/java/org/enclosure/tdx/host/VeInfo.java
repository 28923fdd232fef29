package org.enclosure.tdx.host;

import org.enclosure.api.Access;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.Status;
import org.enclosure.tdx.wire.Gpr;
import org.enclosure.tdx.wire.Tdcall;
import org.enclosure.tdx.wire.TdxStatus;

/// What a vCPU can ask of its last #VE. A #VE that comes before the last one was asked for takes its place; the real module makes a
/// double fault of that, which a guest here could not handle.
final class VeInfo {
    private boolean isValid;
    private long qualification;
    private long gpa;

    void set(long at, int access) {
        isValid = true;
        gpa = at;
        qualification = access & (Access.READ | Access.WRITE | Access.EXECUTE);
    }

    /// TDG.VP.VEINFO.GET.
    long get(RegisterFile registers) {
        if (!isValid) {
            registers.set(Gpr.RAX, TdxStatus.NO_VALID_VE_INFO);
            return Status.OK;
        }
        isValid = false;
        registers.set(Gpr.RAX, TdxStatus.SUCCESS);
        registers.set(Gpr.RCX, Tdcall.EPT_VIOLATION);
        registers.set(Gpr.RDX, qualification);
        registers.set(Gpr.R8, 0); // the linear address: the model has none
        registers.set(Gpr.R9, gpa);
        registers.set(Gpr.R10, 0);
        return Status.OK;
    }
}
