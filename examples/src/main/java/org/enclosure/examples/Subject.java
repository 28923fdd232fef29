package org.enclosure.examples;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.api.GuestMemoryException;
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.core.plugin.FoundArchitecture;
import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmType;

/// One VM type that a run is made on: every type with private memory of every architecture that was asked for.
///
/// @param reportId id of the architecture, with the type behind a slash where the architecture has several of these
/// @param architecture id of the architecture
/// @param type the VM type
record Subject(String reportId, String architecture, VmType type) {
    /// The subjects of a system.
    ///
    /// @param wanted ids, in order; empty for all
    /// @throws UnusableInputException if an id is not there, or has no VM type with private memory
    static List<Subject> choose(GuestMemorySystem system, List<String> wanted) {
        List<Subject> subjects = new ArrayList<>();
        if (wanted.isEmpty()) {
            system.architectures().forEach(architecture -> subjects.addAll(of(architecture)));
        }
        for (String id : wanted.stream().distinct().toList()) {
            List<Subject> chosen = of(find(system, id));
            if (chosen.isEmpty()) {
                throw new UnusableInputException(
                        "architecture '" + id + "' has no VM type with private memory: there is nothing to run");
            }
            subjects.addAll(chosen);
        }
        return subjects;
    }

    private static FoundArchitecture find(GuestMemorySystem system, String id) {
        try {
            return system.architecture(id);
        } catch (GuestMemoryException e) {
            throw new UnusableInputException(String.valueOf(e.getMessage()), e);
        }
    }

    private static List<Subject> of(FoundArchitecture architecture) {
        List<VmType> types = architecture.vmTypes().stream().filter(type -> type.traits().has(VmTrait.PRIVATE_MEMORY))
                .toList();
        return types.stream()
                .map(type -> new Subject(types.size() == 1 ? architecture.id() : architecture.id() + "/" + type.id(),
                        architecture.id(), type))
                .toList();
    }
}
