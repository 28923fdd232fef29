package org.enclosure.tdx.host;

import org.enclosure.api.Access;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.spi.Status;
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
            registers.set(0, TdxStatus.NO_VALID_VE_INFO);
            return Status.OK;
        }
        isValid = false;
        registers.set(0, TdxStatus.SUCCESS);
        registers.set(1, Tdcall.EPT_VIOLATION);
        registers.set(2, qualification);
        registers.set(8, 0);
        registers.set(9, gpa);
        registers.set(10, 0);
        return Status.OK;
    }
}
