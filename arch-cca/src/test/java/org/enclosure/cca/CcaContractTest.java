package org.enclosure.cca;

import org.enclosure.tck.ArchitectureContract;
import org.enclosure.tck.plugin.Plugin;

class CcaContractTest extends ArchitectureContract {
    CcaContractTest() {
        super(Plugin.of(new CcaProvider()).withMachine(CcaMachine.TABLE).withGuestsAlone().withLaunchOption("vcpus",
                "2"));
    }
}
