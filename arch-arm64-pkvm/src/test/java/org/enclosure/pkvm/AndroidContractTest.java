package org.enclosure.pkvm;

import org.enclosure.tck.ArchitectureContract;
import org.enclosure.tck.plugin.Plugin;

/// The plugin keeps the rules of the SPI, as Android 16.
class AndroidContractTest extends ArchitectureContract {
    AndroidContractTest() {
        super(Plugin.of(new PkvmProvider()).withMachine(PkvmMachine.TABLE).withGuestsAlone().withHostSetting("profile",
                "android16"));
    }
}
