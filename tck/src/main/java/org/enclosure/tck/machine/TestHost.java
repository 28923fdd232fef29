package org.enclosure.tck.machine;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.api.Access;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.core.machine.HostCore;
import org.enclosure.core.vm.HostImpl;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.Status;
import org.enclosure.spi.VmType;
import org.enclosure.tck.plugin.Plugin;
import org.enclosure.tck.spy.SpyProvider;

/// A host with the plugin under test. For one thread, unless said.
public final class TestHost implements AutoCloseable {
    private final Plugin plugin;
    private final SpyProvider spy;
    private final HostImpl host;
    private final List<TestVm> vms = new ArrayList<>();

    /// Opens a host.
    public TestHost(Plugin plugin) {
        this.plugin = plugin;
        spy = new SpyProvider(plugin.provider());
        host = (HostImpl) HostImpl.open(spy,
                new HostOptions(spy.id(), plugin.memoryBytes(), plugin.hostSettings()));
    }

    /// Creates a VM with its memory; it is not launched yet.
    ///
    /// @param policies as `key=value`
    public TestVm createVm(VmType type, String... policies) {
        return createVm(VmSetup.of(type).with(policies));
    }

    /// Creates a VM with its memory; it is not launched yet.
    public TestVm createVm(VmSetup setup) {
        TestVm vm = new TestVm(this, setup);
        vms.add(vm);
        return vm;
    }

    /// Creates a VM that was launched: its guest can run.
    public TestVm launchVm(VmType type, String... policies) {
        TestVm vm = createVm(type, policies);
        vm.launch();
        return vm;
    }

    /// The plugin under test.
    public Plugin plugin() {
        return plugin;
    }

    /// The host as an embedder has it.
    public Host host() {
        return host;
    }

    /// The host as the engine has it.
    public HostCore core() {
        return host.core();
    }

    /// What stands between engine and plugin.
    public SpyProvider spy() {
        return spy;
    }

    /// Whether the host reaches a frame as its own: a read is plainly allowed. Any thread.
    public boolean isHosts(long pfn) {
        return spy.platform().hostAccess(pfn, Access.READ, new FaultDetail()) == Status.OK;
    }

    /// Frames that are free.
    public long freeFrames() {
        return host.stats().free();
    }

    /// Closes everything and fails if the plugin broke a rule on the way.
    @Override
    public void close() {
        vms.forEach(TestVm::close);
        host.close();
        spy.violations().assertNone();
    }
}
