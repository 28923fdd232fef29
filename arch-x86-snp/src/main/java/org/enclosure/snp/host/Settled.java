package org.enclosure.snp.host;

import java.util.function.IntSupplier;

import org.enclosure.snp.machine.FirmwareCode;
import org.enclosure.snp.machine.RmpCode;

/// Machine operations outside of the fault path, tried again while another CPU changes an entry of the same 2M region: such changes
/// are over in less than a microsecond.
final class Settled {
    /// How often: far longer than any change takes.
    static final int TRIES = 1_000_000;
    private static final int SPINS = 64;

    private Settled() {
    }

    /// The code of an RMP instruction once it is not FAIL_INUSE.
    static int instruction(IntSupplier instruction) {
        int code = instruction.getAsInt();
        for (int tries = 0; code == RmpCode.FAIL_INUSE && tries < TRIES; tries++) {
            pause(tries);
            code = instruction.getAsInt();
        }
        return code;
    }

    /// Who changes the entry may be without a core.
    @SuppressWarnings("ThreadPriorityCheck") // a hint: without it the loop still ends
    static void pause(int tries) {
        if (tries % SPINS == SPINS - 1) {
            Thread.yield();
        } else {
            Thread.onSpinWait();
        }
    }

    /// The code of a firmware command once it is not BUSY.
    static int command(IntSupplier command) {
        int code = command.getAsInt();
        for (int tries = 0; code == FirmwareCode.BUSY && tries < TRIES; tries++) {
            pause(tries);
            code = command.getAsInt();
        }
        return code;
    }
}
