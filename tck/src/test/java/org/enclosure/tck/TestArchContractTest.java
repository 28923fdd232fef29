package org.enclosure.tck;

import org.enclosure.tck.plugin.Plugin;
import org.enclosure.testarch.TestProvider;

/// The test platform keeps the rules.
class TestArchContractTest extends ArchitectureContract {
    TestArchContractTest() {
        super(Plugin.of(new TestProvider()).withMachine(TestArchMachine.TABLE));
    }
}
