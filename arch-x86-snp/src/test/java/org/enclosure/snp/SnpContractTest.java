package org.enclosure.snp;

import org.enclosure.tck.ArchitectureContract;
import org.enclosure.tck.plugin.Plugin;

/// The rules of the SPI for VMs of type snp, by the conformance kit.
class SnpContractTest extends ArchitectureContract {
    SnpContractTest() {
        super(Plugin.of(new SnpProvider()).withMachine(SnpMachineTable.TABLE).withGuestsAlone().withTypes("snp")
                .withLaunchOption("mode", "snp").withLaunchOption("vcpus",
                        "2"));
    }
}
