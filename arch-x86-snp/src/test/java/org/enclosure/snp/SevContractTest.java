package org.enclosure.snp;

import org.enclosure.tck.ArchitectureContract;
import org.enclosure.tck.plugin.Plugin;

/// The rules of the SPI for VMs of type sev, by the conformance kit.
class SevContractTest extends ArchitectureContract {
    SevContractTest() {
        super(Plugin.of(new SnpProvider()).withMachine(SnpMachineTable.TABLE).withTypes("sev")
                .withLaunchOption("mode", "sev").withLaunchOption("vcpus",
                        "2"));
    }
}
