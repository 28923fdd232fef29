package org.enclosure.examples.machine;

import org.enclosure.api.exit.ExitReason;
import org.enclosure.api.exit.VmExit;

/// How the run of a guest program ended: a copy of the last exit.
///
/// @param vcpu number of the vCPU
/// @param reason reason of the exit
/// @param gpa address of the exit
/// @param cause what happened, in a sentence
public record Ending(int vcpu, ExitReason reason, long gpa, String cause) {
    static Ending of(VmExit exit) {
        return new Ending(exit.vcpu(), exit.reason(), exit.gpa(), exit.cause());
    }

    /// Whether the program returned.
    public boolean isReturn() {
        return reason == ExitReason.HALTED;
    }

    @Override
    public String toString() {
        return "vCPU " + vcpu + " stopped with " + reason + " at gpa 0x" + Long.toHexString(gpa) + ": " + cause;
    }
}
