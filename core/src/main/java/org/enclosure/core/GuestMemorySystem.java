package org.enclosure.core;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

import org.apiguardian.api.API;
import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.policy.ConversionPolicy;
import org.enclosure.api.policy.Participant;
import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.core.loading.ArchitectureLoader;
import org.enclosure.core.loading.ArchitectureRegistry;
import org.enclosure.core.plugin.Finding;
import org.enclosure.core.plugin.FoundArchitecture;
import org.enclosure.core.vm.HostImpl;
import org.enclosure.software.SoftwareProvider;

/// The way in: finds the architectures and opens machines.
///
/// ```java
/// try (GuestMemorySystem system = GuestMemorySystem.builder().build();
///         Host host = system.openHost(HostOptions.of("software", 64L << 20))) {
///     Vm vm = host.createVm(VmOptions.of("software-protected"));
///     // slots, a launch, vCPUs: see Vm
/// }
/// ```
///
/// The built-in platform `software` is always there. Others are plugins: on the class path, on the module path, or on a plugin
/// path. A plugin that cannot be used does not stop the others: it stands in [#problems()], and only a request for it fails.
///
/// A program usually has one system. All methods may be called on any thread.
@API(status = EXPERIMENTAL, since = "0.1")
public final class GuestMemorySystem implements AutoCloseable {
    private final ArchitectureRegistry registry;
    private final VmDefaults defaults;
    private final List<SystemHost> open = new ArrayList<>();
    private boolean closed;

    GuestMemorySystem(ArchitectureRegistry registry, VmDefaults defaults) {
        this.registry = registry;
        this.defaults = defaults;
    }

    /// Starts to describe a system.
    public static Builder builder() {
        return new Builder();
    }

    /// The architectures that can be used, the built-in first.
    public List<FoundArchitecture> architectures() {
        return registry.architectures();
    }

    /// Finds an architecture.
    ///
    /// @throws GuestMemoryException ENOENT if there is no usable one of that id; the message says what is wrong with its
    ///         plugin, or lists those present
    public FoundArchitecture architecture(String id) {
        return registry.get(id);
    }

    /// Everything that is wrong with the plugins that were found and with the plugin paths; empty if nothing is.
    public List<Finding> problems() {
        return registry.problems();
    }

    /// Opens a machine of the architecture that the options name. Its VMs get the system's conversion policy and participants.
    ///
    /// @throws GuestMemoryException ENOENT as [#architecture]; EINVAL if the platform refuses a setting; ENOMEM
    /// @throws IllegalStateException if the system is closed
    public Host openHost(HostOptions options) {
        FoundArchitecture architecture = registry.get(options.architecture());
        synchronized (open) {
            if (closed) {
                throw new IllegalStateException("the system is closed");
            }
            SystemHost host = new SystemHost(HostImpl.open(architecture.provider(), options), defaults, this::forget);
            open.add(host);
            return host;
        }
    }

    /// Closes the hosts that are still open, the last one first, and then the plugin paths. Closing again does nothing.
    ///
    /// @throws IllegalStateException if a vCPU runs; it and what was opened before it stay open
    @Override
    public void close() {
        synchronized (open) {
            while (!open.isEmpty()) {
                open.getLast().close();
            }
            if (!closed) {
                closed = true;
                registry.close();
            }
        }
    }

    private void forget(SystemHost host) {
        synchronized (open) {
            open.remove(host);
        }
    }

    /// Describes a [GuestMemorySystem]. For one thread, and for one use.
    @API(status = EXPERIMENTAL, since = "0.1")
    public static final class Builder {
        private final List<Path> pluginPath = new ArrayList<>();
        private final List<Participant> participants = new ArrayList<>();
        private ConversionPolicy conversionPolicy = ConversionPolicy.ALLOW_ALL;

        Builder() {
        }

        /// Adds places of plugins: jars, folders of jars (which share a class loader, so that a plugin may bring libraries), or
        /// folders of classes. A place that cannot be used is one of the [GuestMemorySystem#problems()].
        public Builder pluginPath(Path... paths) {
            return pluginPath(List.of(paths));
        }

        /// Adds places of plugins.
        public Builder pluginPath(List<Path> paths) {
            pluginPath.addAll(paths);
            return this;
        }

        /// Who decides on the conversions of VMs whose options leave [ConversionPolicy#ALLOW_ALL].
        public Builder conversionPolicy(ConversionPolicy policy) {
            conversionPolicy = policy;
            return this;
        }

        /// Adds a participant that is told of the conversions of every VM, before the VM's own participants.
        public Builder participant(Participant participant) {
            participants.add(participant);
            return this;
        }

        /// Searches and checks the plugins. Never fails because of a plugin.
        public GuestMemorySystem build() {
            return new GuestMemorySystem(ArchitectureLoader.load(new SoftwareProvider(), pluginPath),
                    new VmDefaults(conversionPolicy, participants));
        }
    }
}
