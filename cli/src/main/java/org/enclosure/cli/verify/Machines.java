package org.enclosure.cli.verify;

import org.enclosure.cli.script.BareMachine;
import org.enclosure.cli.script.MachineOptions;
import org.enclosure.spi.ArchitectureProvider;

/// Opens bare machines for a case, and closes them when it is over.
public interface Machines {
    /// The plugin under test.
    ArchitectureProvider provider();

    /// A fresh machine.
    ///
    /// @throws org.enclosure.cli.UnusableInput if the plugin refuses the options
    BareMachine open(MachineOptions options);
}
