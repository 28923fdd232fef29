package org.enclosure.examples.machine;

import java.util.function.UnaryOperator;

import org.enclosure.api.policy.PolicySet;
import org.enclosure.examples.guest.MemoryMap;

/// What a machine is built from.
///
/// @param architecture id of the platform
/// @param vmType id of the VM type
/// @param map the guest's memory
/// @param vcpus number of vCPUs
/// @param policies the policies of the VM
/// @param echo what the echo device answers
public record MachineConfig(String architecture, String vmType, MemoryMap map, int vcpus, PolicySet policies,
        UnaryOperator<byte[]> echo) {
}
