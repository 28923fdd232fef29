package org.enclosure.examples;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

import org.enclosure.api.policy.PolicySet;
import org.enclosure.api.vm.VmStats;
import org.enclosure.core.GuestMemorySystem;
import org.enclosure.examples.guest.BuiltInImage;
import org.enclosure.examples.guest.MemoryMap;
import org.enclosure.examples.guest.StormGuest;
import org.enclosure.examples.guest.WorkingMemory;
import org.enclosure.examples.machine.EchoDevice;
import org.enclosure.examples.machine.Machine;
import org.enclosure.examples.machine.MachineConfig;

/// The example guest `storm`: many vCPUs convert pages of the same 2M ranges at once.
public final class ConversionStorm {
    private static final long RAM = 32L << 20;

    private final GuestMemorySystem system;
    private final int vcpus;
    private final int rounds;
    private final long seed;

    /// Creates a storm.
    ///
    /// @param vcpus how many vCPUs, at most 512
    /// @param rounds how many conversions each makes
    public ConversionStorm(GuestMemorySystem system, int vcpus, int rounds, long seed) {
        this.system = system;
        this.vcpus = vcpus;
        this.rounds = rounds;
        this.seed = seed;
    }

    /// What came of a storm.
    ///
    /// @param failures what was wrong, a sentence each
    /// @param stats what the VM has counted
    public record Report(List<String> failures, VmStats stats) {
        /// Copies the list.
        public Report {
            failures = List.copyOf(failures);
        }
    }

    /// Runs the storm in a VM of its own.
    ///
    /// @throws org.enclosure.api.GuestMemoryException if there is no such architecture or type
    public Report run(String architecture, String vmType, PolicySet policies) {
        byte[] image = BuiltInImage.bytes();
        MachineConfig config = new MachineConfig(architecture, vmType, new MemoryMap(RAM, image.length), vcpus,
                policies,
                EchoDevice.FAITHFUL);
        try (Machine machine = Machine.open(system.openHost(Machine.hostOptions(config)), config)) {
            machine.launch(MemorySegment.ofArray(image));
            Failures.requireReturn(machine.run(new WorkingMemory(machine.map(), seed)));
            List<StormGuest> guests = new ArrayList<>();
            for (int vcpu = 0; vcpu < vcpus; vcpu++) {
                guests.add(new StormGuest(vcpu, vcpus, rounds, seed));
            }
            machine.runAll(guests).forEach(Failures::requireReturn);
            List<String> failures = new ArrayList<>();
            guests.forEach(guest -> failures.addAll(guest.findings().sentences()));
            return new Report(failures, machine.vm().stats());
        }
    }
}
