package org.enclosure.api.vm;

import static org.apiguardian.api.API.Status.EXPERIMENTAL;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.apiguardian.api.API;
import org.enclosure.api.policy.ConversionPolicy;
import org.enclosure.api.policy.Participant;
import org.enclosure.api.policy.PolicySet;

/// What a VM is created with. Immutable.
///
/// @param type id of a VM type of the host's platform
/// @param maxVcpus 1 to 512
/// @param policies the choices of [org.enclosure.api.policy.PolicyKey]
/// @param conversionPolicy who decides on the guest's conversions
/// @param participants who is told of conversions, in this order
/// @param memoryLimit the most memory that its stores may hold together, in bytes, a multiple of 4096; 0 for no limit
/// @param settings the architecture's own settings, by name
@API(status = EXPERIMENTAL, since = "0.1")
public record VmOptions(String type, int maxVcpus, PolicySet policies, ConversionPolicy conversionPolicy,
        List<Participant> participants, long memoryLimit, Map<String, String> settings) {
    /// The most vCPUs of a VM.
    public static final int MAX_VCPUS = 512;

    /// Copies the collections; the values are checked when the VM is created.
    public VmOptions {
        participants = List.copyOf(participants);
        settings = Map.copyOf(settings);
    }

    /// A VM with one vCPU, default policies, everything allowed.
    public static VmOptions of(String type) {
        return new VmOptions(type, 1, PolicySet.defaults(), ConversionPolicy.ALLOW_ALL, List.of(), 0, Map.of());
    }

    /// With another number of vCPUs.
    public VmOptions withVcpus(int count) {
        return new VmOptions(type, count, policies, conversionPolicy, participants, memoryLimit, settings);
    }

    /// With other policies.
    public VmOptions with(PolicySet set) {
        return new VmOptions(type, maxVcpus, set, conversionPolicy, participants, memoryLimit, settings);
    }

    /// With another decider.
    public VmOptions with(ConversionPolicy policy) {
        return new VmOptions(type, maxVcpus, policies, policy, participants, memoryLimit, settings);
    }

    /// With a limit of the memory that its stores may hold together.
    public VmOptions withMemoryLimit(long bytes) {
        return new VmOptions(type, maxVcpus, policies, conversionPolicy, participants, bytes, settings);
    }

    /// With one participant more.
    public VmOptions with(Participant participant) {
        List<Participant> next = new ArrayList<>(participants);
        next.add(participant);
        return new VmOptions(type, maxVcpus, policies, conversionPolicy, next, memoryLimit, settings);
    }

    /// With one setting more.
    public VmOptions with(String name, String value) {
        Map<String, String> next = new HashMap<>(settings);
        next.put(name, value);
        return new VmOptions(type, maxVcpus, policies, conversionPolicy, participants, memoryLimit, next);
    }
}
