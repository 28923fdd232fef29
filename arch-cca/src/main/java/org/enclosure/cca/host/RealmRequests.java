package org.enclosure.cca.host;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.cca.machine.Rmm;
import org.enclosure.cca.machine.Step;
import org.enclosure.cca.wire.Ripas;
import org.enclosure.cca.wire.Rsi;
import org.enclosure.cca.wire.RunPage;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Status;

/// What a realm asks of its VMM, and how the VMM's answer gets to it through the run page.
///
/// | | RIPAS change | host call |
/// |---|---|---|
/// | ALLOW | the address reached | the result in the first register |
/// | DENY | refused, which the realm learns of RAM only | -1 in the first register |
/// | BUSY | the address reached is where it began | - |
final class RealmRequests {
    private static final int SET_RESULTS = 3;

    private final Rmm rmm;
    private final long rec;
    private final long run;
    private int results;

    RealmRequests(Realm realm, long rec, long run) {
        rmm = realm.rmm;
        this.rec = rec;
        this.run = run;
    }

    /// Whether the VMM answers a call, and not the kernel.
    boolean isForVmm(long function) {
        return function == Rsi.IPA_STATE_SET || function == Rsi.HOST_CALL;
    }

    /// Makes a request of an SMC that has left the realm.
    long start(GuestCall call, long function, RegisterFile registers) {
        if (function == Rsi.IPA_STATE_SET) {
            call.request = GuestCall.CONVERT;
            call.style = GuestCall.STYLE_MEMORY_FAULT;
            call.flags = GuestCall.TABLE_WORK;
            call.gfn = registers.get(1) >>> Paging.PAGE_SHIFT;
            call.npages = registers.get(2) - registers.get(1) >>> Paging.PAGE_SHIFT;
            call.toPrivate = registers.get(3) == Ripas.RAM;
            call.number = function;
            call.scratch[CcaTable.SCRATCH_REC] = rec;
            results = SET_RESULTS;
            return Status.REQUEST;
        }
        // The record is written here already, so that the VMM's view of the call is the host's.
        rmm.exits.leave(rec, RunPage.HOST_CALL);
        call.request = GuestCall.HYPERCALL;
        call.style = GuestCall.STYLE_HYPERCALL;
        call.number = rmm.host.read(run + RunPage.IMM);
        for (int i = 0; i < call.args.length; i++) {
            call.args[i] = rmm.host.read(run + RunPage.EXIT_GPRS + (long) i * Long.BYTES);
        }
        results = 1;
        return Status.REQUEST;
    }

    /// The realm or a vCPU of it has switched itself off.
    long shutdown(GuestCall call, long function) {
        call.request = GuestCall.SHUTDOWN;
        call.number = function;
        return Status.REQUEST;
    }

    /// Prepares the run page for the next entry.
    void answer(GuestCall call, long hostStatus) {
        if (call.request == GuestCall.CONVERT) {
            boolean isRefused = Status.kind(hostStatus) == Status.DENIED;
            rmm.host.write(run + RunPage.FLAGS, isRefused ? RunPage.RIPAS_REJECT : 0);
            return;
        }
        for (int i = 1; i < RunPage.NUM_GPRS; i++) {
            long at = (long) i * Long.BYTES;
            rmm.host.write(run + RunPage.ENTRY_GPRS + at, rmm.host.read(run + RunPage.EXIT_GPRS + at));
        }
        rmm.host.write(run + RunPage.ENTRY_GPRS, hostStatus >= 0 ? call.args[0] : -1);
    }

    /// After an entry: nothing is left in the run page for the next one.
    void entered() {
        rmm.host.write(run + RunPage.FLAGS, 0);
    }

    /// Hands the results of a completed SMC to the realm's registers.
    void complete(Step step, RegisterFile registers) {
        for (int i = 0; i < Math.max(1, results); i++) {
            registers.set(i, step.x[i]);
        }
        results = 0;
    }
}
