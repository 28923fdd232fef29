package org.enclosure.tck.contract;

import org.enclosure.spi.VmType;
import org.enclosure.tck.machine.DirectTable;
import org.enclosure.tck.machine.TestHost;
import org.enclosure.tck.machine.TestVm;

/// A host with two launched VMs of one type, and the tables of each, driven without the engine.
final class TwoVms implements AutoCloseable {
    private final TestHost host;
    private final TestVm vm;
    private final DirectTable mine;
    private final DirectTable theirs;

    /// @param host is closed with them
    TwoVms(TestHost host, VmType type) {
        this.host = host;
        vm = host.launchVm(type);
        mine = new DirectTable(vm);
        theirs = new DirectTable(host.launchVm(type));
    }

    TestHost host() {
        return host;
    }

    /// The first VM.
    TestVm vm() {
        return vm;
    }

    /// The tables of the first VM.
    DirectTable mine() {
        return mine;
    }

    /// The tables of the other one.
    DirectTable theirs() {
        return theirs;
    }

    @Override
    public void close() {
        theirs.close();
        mine.close();
        host.close();
    }
}
