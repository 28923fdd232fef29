package org.enclosure.tck.plugin;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmType;
import org.jspecify.annotations.Nullable;

/// The plugin under test, with what its machines, VMs and launches have to be told. Immutable.
///
/// @param provider the plugin
/// @param types ids of the VM types to be tested; all that have private memory if empty
/// @param hostSettings settings of its platform
/// @param vmSettings settings of each VM
/// @param launchOptions options of each launch, beside `gpa`
/// @param memoryBytes RAM of a host; reserved, not committed
/// @param isService whether it is found through `ServiceLoader`; false for a platform that an engine brings along
/// @param machine which methods of its machine are which operations; null if it was not said
/// @param noMachine why it has no machine whose methods are operations; empty if it has one
/// @param guestsAlone whether only guests change the kind of their pages: the random driver leaves out what a host does by itself
public record Plugin(ArchitectureProvider provider, Set<String> types, Map<String, String> hostSettings,
        Map<String, String> vmSettings, Map<String, String> launchOptions, long memoryBytes, boolean isService,
        @Nullable MachineTable machine, String noMachine, boolean guestsAlone) {
    private static final long MEMORY = 256L << 20;

    /// Copies the collections.
    public Plugin {
        types = Set.copyOf(types);
        hostSettings = Map.copyOf(hostSettings);
        vmSettings = Map.copyOf(vmSettings);
        launchOptions = Map.copyOf(launchOptions);
    }

    /// A plugin that needs no settings.
    public static Plugin of(ArchitectureProvider provider) {
        return new Plugin(provider, Set.of(), Map.of(), Map.of(), Map.of(), MEMORY, true, null, "", false);
    }

    /// Only these VM types.
    public Plugin withTypes(String... ids) {
        return new Plugin(provider, Set.of(ids), hostSettings, vmSettings, launchOptions, memoryBytes, isService,
                machine, noMachine, guestsAlone);
    }

    /// With a setting of the platform.
    public Plugin withHostSetting(String name, String value) {
        return new Plugin(provider, types, plus(hostSettings, name, value), vmSettings, launchOptions, memoryBytes,
                isService, machine, noMachine, guestsAlone);
    }

    /// With a setting of each VM.
    public Plugin withVmSetting(String name, String value) {
        return new Plugin(provider, types, hostSettings, plus(vmSettings, name, value), launchOptions, memoryBytes,
                isService, machine, noMachine, guestsAlone);
    }

    /// With an option of each launch.
    public Plugin withLaunchOption(String name, String value) {
        return new Plugin(provider, types, hostSettings, vmSettings, plus(launchOptions, name, value), memoryBytes,
                isService, machine, noMachine, guestsAlone);
    }

    /// With more or less RAM in each host.
    public Plugin withMemory(long bytes) {
        return new Plugin(provider, types, hostSettings, vmSettings, launchOptions, bytes, isService, machine,
                noMachine, guestsAlone);
    }

    /// A platform that the engine brings along: nothing declares it, and where the engine keeps the leaves it enforces them alone.
    public Plugin builtIn() {
        return new Plugin(provider, types, hostSettings, vmSettings, launchOptions, memoryBytes, false, machine,
                noMachine, guestsAlone);
    }

    /// With the table that says which methods of its machine are which operations.
    public Plugin withMachine(MachineTable table) {
        return new Plugin(provider, types, hostSettings, vmSettings, launchOptions, memoryBytes, isService, table, "",
                guestsAlone);
    }

    /// Without a machine that has operations of its own.
    ///
    /// @param reason printed for the tests that are skipped
    public Plugin withoutMachine(String reason) {
        return new Plugin(provider, types, hostSettings, vmSettings, launchOptions, memoryBytes, isService, null,
                reason, guestsAlone);
    }

    /// Its guests do not go on when the host converts or takes a page that they have, by design: the random driver leaves it out.
    public Plugin withGuestsAlone() {
        return new Plugin(provider, types, hostSettings, vmSettings, launchOptions, memoryBytes, isService, machine,
                noMachine, true);
    }

    /// With another provider of the same architecture.
    public Plugin withProvider(ArchitectureProvider other) {
        return new Plugin(other, types, hostSettings, vmSettings, launchOptions, memoryBytes, isService, machine,
                noMachine, guestsAlone);
    }

    private static Map<String, String> plus(Map<String, String> settings, String name, String value) {
        Map<String, String> next = new HashMap<>(settings);
        next.put(name, value);
        return next;
    }

    /// The VM types to be tested.
    ///
    /// @throws AssertionError if a type was named that the provider does not have, or none is left
    public List<VmType> testedTypes() {
        List<VmType> all = provider.vmTypes();
        for (String id : types) {
            if (all.stream().noneMatch(type -> type.id().equals(id))) {
                throw new AssertionError("plugin " + provider.id() + " has no VM type " + id);
            }
        }
        List<VmType> tested = all.stream().filter(type -> types.isEmpty() ? type.traits().has(VmTrait.PRIVATE_MEMORY)
                : types.contains(type.id())).toList();
        if (tested.isEmpty()) {
            throw new AssertionError("plugin " + provider.id() + " has no VM type with private memory");
        }
        return tested;
    }
}
