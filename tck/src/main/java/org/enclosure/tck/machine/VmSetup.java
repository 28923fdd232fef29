package org.enclosure.tck.machine;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.api.policy.ConversionPolicy;
import org.enclosure.api.policy.PolicySet;
import org.enclosure.spi.VmType;

/// What a VM for a test is created with. Immutable.
///
/// @param type its type
/// @param policies the choices made
/// @param decider who decides on conversions
/// @param vcpus how many vCPUs it has
public record VmSetup(VmType type, List<String> policies, ConversionPolicy decider, int vcpus) {
    /// A VM with two vCPUs, everything allowed.
    public static VmSetup of(VmType type) {
        return new VmSetup(type, List.of(), ConversionPolicy.ALLOW_ALL, 2);
    }

    /// With choices made, as `key=value`.
    public VmSetup with(String... choices) {
        List<String> next = new ArrayList<>(policies);
        next.addAll(List.of(choices));
        return new VmSetup(type, List.copyOf(next), decider, vcpus);
    }

    /// With another decider.
    public VmSetup with(ConversionPolicy policy) {
        return new VmSetup(type, policies, policy, vcpus);
    }

    /// With another number of vCPUs.
    public VmSetup withVcpus(int count) {
        return new VmSetup(type, policies, decider, count);
    }

    PolicySet policySet() {
        PolicySet set = PolicySet.defaults();
        for (String policy : policies) {
            set = set.with(policy);
        }
        return set;
    }
}
