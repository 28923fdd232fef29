package org.enclosure.examples;

import java.nio.file.Path;
import java.util.List;

import org.enclosure.api.Paging;
import org.enclosure.api.policy.PolicySet;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.VmOptions;
import org.jspecify.annotations.Nullable;

/// What a run is asked to do. Immutable.
///
/// @param architectures ids of the architectures to run on, in this order; empty for all that are found
/// @param memoryBytes guest memory, a multiple of 4096 from 16M to 4T
/// @param vcpus vCPUs that convert pages, 1 to 512; at least two take part, whatever is asked for
/// @param image a file to launch instead of the built-in image, or null
/// @param policies the policies of the VM
/// @param seed where all data of the run come from: equal seeds, equal data
public record RunOptions(List<String> architectures, long memoryBytes, int vcpus, @Nullable Path image,
        PolicySet policies,
        long seed) {
    /// Guest memory where nothing is said.
    public static final long DEFAULT_MEMORY = 256L << 20;
    /// vCPUs where nothing is said.
    public static final int DEFAULT_VCPUS = 2;
    /// The seed where nothing is said.
    public static final long DEFAULT_SEED = 1;

    /// Checks the numbers; copies the list.
    ///
    /// @throws UnusableInputException if one is out of its range
    public RunOptions {
        architectures = List.copyOf(architectures);
        if (memoryBytes < HostOptions.MIN_MEMORY || memoryBytes > HostOptions.MAX_MEMORY
                || !Paging.isPageAligned(memoryBytes)) {
            throw new UnusableInputException(
                    "memory of " + memoryBytes + " bytes; legal is a multiple of 4K from 16M to 4T");
        }
        if (vcpus < 1 || vcpus > VmOptions.MAX_VCPUS) {
            throw new UnusableInputException(vcpus + " vCPUs; legal are 1 to " + VmOptions.MAX_VCPUS);
        }
    }

    /// All architectures, the built-in image, and the defaults above.
    public static RunOptions defaults() {
        return new RunOptions(List.of(), DEFAULT_MEMORY, DEFAULT_VCPUS, null, PolicySet.defaults(), DEFAULT_SEED);
    }

    /// On these architectures alone.
    public RunOptions withArchitectures(List<String> ids) {
        return new RunOptions(ids, memoryBytes, vcpus, image, policies, seed);
    }

    /// With other guest memory.
    public RunOptions withMemory(long bytes) {
        return new RunOptions(architectures, bytes, vcpus, image, policies, seed);
    }

    /// With another number of vCPUs.
    public RunOptions withVcpus(int count) {
        return new RunOptions(architectures, memoryBytes, count, image, policies, seed);
    }

    /// With a file as image.
    public RunOptions withImage(Path file) {
        return new RunOptions(architectures, memoryBytes, vcpus, file, policies, seed);
    }

    /// With other policies.
    public RunOptions withPolicies(PolicySet set) {
        return new RunOptions(architectures, memoryBytes, vcpus, image, set, seed);
    }

    /// With other data.
    public RunOptions withSeed(long value) {
        return new RunOptions(architectures, memoryBytes, vcpus, image, policies, value);
    }
}
