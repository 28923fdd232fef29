package org.enclosure.tck;

import org.enclosure.software.SoftwareProvider;
import org.enclosure.tck.plugin.Plugin;

/// The built-in platform keeps the rules.
class SoftwareContractTest extends ArchitectureContract {
    SoftwareContractTest() {
        super(Plugin.of(new SoftwareProvider()).builtIn()
                .withoutMachine("the software platform has no machine: the engine keeps and enforces everything"));
    }
}
