package org.enclosure.cca.ops;

import org.enclosure.cca.machine.Rmm;
import org.enclosure.cca.machine.Step;
import org.enclosure.cca.wire.Rmi;
import org.enclosure.cca.wire.RunPage;
import org.enclosure.spi.OperationCall;

/// A realm's processor, step by step: entry, actions, exit. Between two actions any other operation may be invoked, as other
/// processors would.
final class RealmSide {
    private static final int FIRST_RESULT = 5;
    private static final int ARGUMENTS = 10;
    private static final int RESULTS = 9;

    private final Rmm rmm;

    RealmSide(Rmm rmm) {
        this.rmm = rmm;
    }

    long enter(OperationCall call) {
        Step step = new Step();
        long x0 = rmm.entry.enter(call.in(0), call.in(1), step);
        boolean hasEntered = x0 == Rmi.SUCCESS && step.event != Step.EXIT_AGAIN;
        call.out(0, hasEntered ? 1 : 0);
        call.out(1, step.event);
        call.out(2, step.value);
        call.out(3, step.esr);
        call.out(4, step.far);
        for (int i = 0; i < 3; i++) {
            call.out(FIRST_RESULT + i, step.x[i]);
        }
        return x0;
    }

    long leave(OperationCall call) {
        long reason = call.in(1);
        return reason < RunPage.SYNC || reason > RunPage.SERROR ? Rmi.ERROR_INPUT
                : rmm.exits.leave(call.in(0), (int) reason);
    }

    long load(OperationCall call) {
        Step step = running(call);
        return access(call, step, rmm.cpu.load(call.in(0), call.in(1), step));
    }

    long store(OperationCall call) {
        Step step = running(call);
        return access(call, step, rmm.cpu.store(call.in(0), call.in(1), call.in(2), step));
    }

    long fetch(OperationCall call) {
        Step step = running(call);
        int outcome = rmm.cpu.fetch(call.in(0), call.in(1), step);
        call.out(0, step.pas);
        call.out(1, step.esr);
        call.out(2, step.far);
        return outcome;
    }

    long smc(OperationCall call) {
        return smc(call.in(1), call, 2);
    }

    /// One function of the realm's, whose arguments follow the REC.
    long smc(long function, OperationCall call) {
        return smc(function, call, 1);
    }

    private long smc(long function, OperationCall call, int firstArgument) {
        Step step = running(call);
        step.x[0] = function;
        for (int i = 0; i < ARGUMENTS; i++) {
            step.x[1 + i] = call.in(firstArgument + i);
        }
        int outcome = rmm.rsi.call(call.in(0), step);
        for (int i = 0; i < RESULTS; i++) {
            call.out(i, step.x[i]);
        }
        return outcome;
    }

    long hvc(OperationCall call) {
        running(call);
        return rmm.cpu.hvc();
    }

    long wfi(OperationCall call) {
        running(call);
        return rmm.cpu.wfi(call.in(0));
    }

    private static long access(OperationCall call, Step step, int outcome) {
        call.out(0, step.value);
        call.out(1, step.pas);
        call.out(2, step.esr);
        call.out(3, step.far);
        return outcome;
    }

    private Step running(OperationCall call) {
        if (!rmm.entry.isRunning(call.in(0))) {
            throw new IllegalArgumentException("operand rec=0x" + Long.toHexString(call.in(0))
                    + " is not a REC that runs; enter one with REC.ENTER first");
        }
        return new Step();
    }
}
