package org.enclosure.snp;

import org.enclosure.tck.ArchitectureContract;
import org.enclosure.tck.plugin.Plugin;

/// The rules of the SPI for VMs of type sev-es, by the conformance kit.
class SevEsContractTest extends ArchitectureContract {
    SevEsContractTest() {
        super(Plugin.of(new SnpProvider()).withMachine(SnpMachineTable.TABLE).withTypes("sev-es")
                .withLaunchOption("mode", "seves")
                .withLaunchOption("vcpus", "2"));
    }
}
