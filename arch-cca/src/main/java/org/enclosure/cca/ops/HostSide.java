package org.enclosure.cca.ops;

import org.enclosure.cca.machine.Outputs;
import org.enclosure.cca.machine.Rmm;
import org.enclosure.cca.machine.Step;
import org.enclosure.cca.wire.Rmi;
import org.enclosure.cca.wire.RunPage;
import org.enclosure.spi.OperationCall;

/// The SMCs of the host: registers in, registers out.
final class HostSide {
    private final Rmm rmm;

    HostSide(Rmm rmm) {
        this.rmm = rmm;
    }

    long version(OperationCall call) {
        Outputs out = new Outputs();
        return results(call, rmm.version(call.in(0), out), out, 2);
    }

    long features(OperationCall call) {
        Outputs out = new Outputs();
        return results(call, rmm.features(call.in(0), out), out, 1);
    }

    long delegate(OperationCall call) {
        return rmm.granule.delegate(call.in(0));
    }

    long undelegate(OperationCall call) {
        return rmm.granule.undelegate(call.in(0));
    }

    long dataCreate(OperationCall call) {
        return rmm.data.create(call.in(0), call.in(1), call.in(2), call.in(3), call.in(4));
    }

    long dataCreateUnknown(OperationCall call) {
        return rmm.data.createUnknown(call.in(0), call.in(1), call.in(2));
    }

    long dataDestroy(OperationCall call) {
        Outputs out = new Outputs();
        return results(call, rmm.data.destroy(call.in(0), call.in(1), out), out, 2);
    }

    long rttCreate(OperationCall call) {
        return rmm.rtt.create(call.in(0), call.in(1), call.in(2), call.in(3));
    }

    long rttDestroy(OperationCall call) {
        Outputs out = new Outputs();
        return results(call, rmm.rtt.destroy(call.in(0), call.in(1), call.in(2), out), out, 2);
    }

    long rttFold(OperationCall call) {
        Outputs out = new Outputs();
        return results(call, rmm.rtt.fold(call.in(0), call.in(1), call.in(2), out), out, 1);
    }

    long rttReadEntry(OperationCall call) {
        Outputs out = new Outputs();
        return results(call, rmm.rtt.readEntry(call.in(0), call.in(1), call.in(2), out), out, 4);
    }

    long rttMap(OperationCall call) {
        return rmm.ns.map(call.in(0), call.in(1), call.in(2), call.in(3));
    }

    long rttUnmap(OperationCall call) {
        Outputs out = new Outputs();
        return results(call, rmm.ns.unmap(call.in(0), call.in(1), call.in(2), out), out, 1);
    }

    long initRipas(OperationCall call) {
        Outputs out = new Outputs();
        return results(call, rmm.ripas.init(call.in(0), call.in(1), call.in(2), out), out, 1);
    }

    long setRipas(OperationCall call) {
        Outputs out = new Outputs();
        return results(call, rmm.ripas.set(call.in(0), call.in(1), call.in(2), call.in(3), out), out, 1);
    }

    long realmCreate(OperationCall call) {
        return rmm.realm.create(call.in(0), call.in(1));
    }

    long realmActivate(OperationCall call) {
        return rmm.realm.activate(call.in(0));
    }

    long realmDestroy(OperationCall call) {
        return rmm.realm.destroy(call.in(0));
    }

    long recAuxCount(OperationCall call) {
        Outputs out = new Outputs();
        return results(call, rmm.rec.auxCount(call.in(0), out), out, 1);
    }

    long recCreate(OperationCall call) {
        return rmm.rec.create(call.in(0), call.in(1), call.in(2));
    }

    long recDestroy(OperationCall call) {
        return rmm.rec.destroy(call.in(0));
    }

    /// Enters a REC whose realm has nothing to do: it leaves for the next interrupt.
    long recEnter(OperationCall call) {
        Step step = new Step();
        long x0 = rmm.entry.enter(call.in(0), call.in(1), step);
        return x0 == Rmi.SUCCESS && step.event != Step.EXIT_AGAIN ? rmm.exits.leave(call.in(0), RunPage.IRQ) : x0;
    }

    long psciComplete(OperationCall call) {
        return rmm.psci.complete(call.in(0), call.in(1), call.in(2));
    }

    private static long results(OperationCall call, long x0, Outputs out, int count) {
        long[] x = {out.x1, out.x2, out.x3, out.x4};
        for (int i = 0; i < count; i++) {
            call.out(i, x[i]);
        }
        return x0;
    }
}
