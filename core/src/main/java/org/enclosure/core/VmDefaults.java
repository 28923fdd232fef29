package org.enclosure.core;

import java.util.ArrayList;
import java.util.List;

import org.enclosure.api.policy.ConversionPolicy;
import org.enclosure.api.policy.Participant;
import org.enclosure.api.vm.VmOptions;

/// What a system gives to each of its VMs.
///
/// @param conversionPolicy decides where a VM's options leave [ConversionPolicy#ALLOW_ALL]
/// @param participants told before the VM's own
record VmDefaults(ConversionPolicy conversionPolicy, List<Participant> participants) {
    VmDefaults {
        participants = List.copyOf(participants);
    }

    VmOptions applyTo(VmOptions options) {
        ConversionPolicy policy = options.conversionPolicy().equals(ConversionPolicy.ALLOW_ALL) ? conversionPolicy
                : options.conversionPolicy();
        List<Participant> all = new ArrayList<>(participants);
        all.addAll(options.participants());
        return new VmOptions(options.type(), options.maxVcpus(), options.policies(), policy, all,
                options.memoryLimit(), options.settings());
    }
}
