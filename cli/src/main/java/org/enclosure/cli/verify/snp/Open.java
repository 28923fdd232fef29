package org.enclosure.cli.verify.snp;

import org.enclosure.cli.script.MachineOptions;
import org.enclosure.cli.verify.Machines;
import org.enclosure.cli.verify.Operations;

/// Opens the usual machine.
final class Open {
    private Open() {
    }

    /// The operations of a fresh one.
    static Operations machine(Machines machines) {
        return new Operations(machines.open(MachineOptions.defaults()).operations());
    }
}
