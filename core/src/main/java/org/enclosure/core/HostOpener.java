package org.enclosure.core;

import org.enclosure.api.vm.Host;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.spi.ArchitectureProvider;

/// Opens a machine of an architecture.
@FunctionalInterface
interface HostOpener {
    Host open(ArchitectureProvider provider, HostOptions options);
}
