package org.enclosure.modelcheck;

import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.core.machine.GuestEntry;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.VcpuBackend;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.junit.jupiter.api.Test;

/// Entry, exit and kick of a vCPU: its backend is entered and left in turn, whoever makes it leave.
public class GuestEntryModelTest {
    private final Turns backend = new Turns();
    private final GuestEntry entry = new GuestEntry(backend, true);
    private final GuestCall call = new GuestCall();
    private final FaultDetail detail = new FaultDetail();
    private boolean running;

    /// What a vCPU does next: it enters where it is out, or was kicked out, and else leaves.
    @Operation(nonParallelGroup = "vcpu")
    public void enterOrLeave() {
        if (!running || entry.isKicked()) {
            entry.enter(call, detail);
            running = true;
        } else {
            entry.leave(VcpuBackend.LEFT_FAULT, detail);
            running = false;
        }
    }

    /// What a conversion does; when it returns, the vCPU is out or on its way in again.
    @Operation(nonParallelGroup = "kicker")
    public void kick() {
        entry.kick();
    }

    @Test
    void shouldEnterAndLeaveInTurnInEveryInterleaving() {
        new ModelCheckingOptions().iterations(20).invocationsPerIteration(2_000).threads(2).actorsPerThread(4)
                .actorsBefore(1).actorsAfter(1).check(GuestEntryModelTest.class);
    }

    /// A backend that knows whether it is in.
    private static final class Turns implements VcpuBackend {
        private volatile boolean in;

        @Override
        public long enter(GuestCall call, FaultDetail detail) {
            if (in) {
                throw new IllegalStateException("entered twice");
            }
            in = true;
            return 0;
        }

        @Override
        public void leave(int reason, FaultDetail detail) {
            if (!in) {
                throw new IllegalStateException("left twice");
            }
            in = false;
        }

        @Override
        public long admit(long gfn, long leaf, int access, FaultDetail detail) {
            throw new UnsupportedOperationException("not part of entry and exit");
        }

        @Override
        public long trap(int instruction, RegisterFile registers, GuestCall call) {
            throw new UnsupportedOperationException("not part of entry and exit");
        }

        @Override
        public long answer(GuestCall call, long hostStatus, RegisterFile registers) {
            throw new UnsupportedOperationException("not part of entry and exit");
        }

        @Override
        public void close() {
        }
    }
}
