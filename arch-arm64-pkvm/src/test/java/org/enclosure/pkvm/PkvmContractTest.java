package org.enclosure.pkvm;

import org.enclosure.tck.ArchitectureContract;
import org.enclosure.tck.plugin.Plugin;

/// The plugin keeps the rules of the SPI, as mainline 7.1.
class PkvmContractTest extends ArchitectureContract {
    PkvmContractTest() {
        super(Plugin.of(new PkvmProvider()).withMachine(PkvmMachine.TABLE).withGuestsAlone());
    }
}
