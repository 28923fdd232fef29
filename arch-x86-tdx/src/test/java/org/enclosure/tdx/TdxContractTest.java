package org.enclosure.tdx;

import org.enclosure.tck.ArchitectureContract;
import org.enclosure.tck.plugin.Plugin;

/// The plugin keeps the rules of the SPI.
class TdxContractTest extends ArchitectureContract {
    TdxContractTest() {
        super(Plugin.of(new TdxProvider()).withMachine(TdxMachine.TABLE));
    }
}
