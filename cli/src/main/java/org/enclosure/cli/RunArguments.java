package org.enclosure.cli;

import java.math.BigInteger;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.policy.PolicyKey;
import org.enclosure.api.policy.PolicySet;
import org.enclosure.api.vm.HostOptions;
import org.enclosure.api.vm.VmOptions;
import org.enclosure.examples.RunOptions;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The options that say what a run does, as they were written.
final class RunArguments {
    private static final Pattern DIGITS = Pattern.compile("[0-9]{1,40}");

    @Option(names = "--arch", paramLabel = "ID[,ID...]", description = "Only on these architectures; may be repeated.") private List<String> arch = new ArrayList<>();

    @Option(names = "--memory", paramLabel = "SIZE", description = "Guest memory: a multiple of 4K from 16M to 4T; default 256M.") private @Nullable String memory;

    @Option(names = "--vcpus", paramLabel = "N", description = "Number of vCPUs: 1 to 512; default 2.") private @Nullable String vcpus;

    @Option(names = "--image", paramLabel = "FILE", description = "A firmware or kernel file as payload, instead of a built-in image.") private @Nullable String image;

    @Option(names = "--policy", paramLabel = "KEY=VALUE[,...]", description = {"A choice of the VM; may be repeated.",
            "'enclosure plugins --verbose' lists them."}) private List<String> policy = new ArrayList<>();

    @Option(names = "--seed", paramLabel = "N", description = "Where all data of the run come from; default 1.") private @Nullable String seed;

    /// What they mean.
    ///
    /// @throws UnusableInput at the first one that means nothing
    RunOptions options() {
        RunOptions defaults = RunOptions.defaults();
        Path file = image == null ? null : InputFile.path("--image", image);
        return new RunOptions(architectures(),
                memory == null ? defaults.memoryBytes()
                        : Sizes.parse("--memory", memory, HostOptions.MIN_MEMORY, HostOptions.MAX_MEMORY),
                vcpus == null ? defaults.vcpus() : (int) number("--vcpus", vcpus, 1, VmOptions.MAX_VCPUS), file,
                policies(),
                seed == null ? defaults.seed() : number("--seed", seed, 0, Long.MAX_VALUE));
    }

    private List<String> architectures() {
        return CommaSeparated.parts("--arch", arch).stream().distinct().toList();
    }

    private PolicySet policies() {
        PolicySet policies = PolicySet.defaults();
        for (String choice : CommaSeparated.parts("--policy", policy)) {
            PolicySet next = with(policies, choice);
            for (PolicyKey key : policies.chosen().keySet()) {
                if (!policies.chosen().get(key).equals(next.chosen().get(key))) {
                    throw new UnusableInput(
                            "--policy " + key.key() + " is given twice: " + policies.chosen().get(key) + " and "
                                    + next.chosen().get(key));
                }
            }
            policies = next;
        }
        return policies;
    }

    private static PolicySet with(PolicySet policies, String choice) {
        try {
            return policies.with(choice);
        } catch (GuestMemoryException e) {
            throw new UnusableInput("--policy: " + Messages.of(e), e);
        }
    }

    private static long number(String option, String text, long least, long most) {
        BigInteger number = DIGITS.matcher(text).matches() ? new BigInteger(text) : null;
        if (number == null || number.compareTo(BigInteger.valueOf(least)) < 0
                || number.compareTo(BigInteger.valueOf(most)) > 0) {
            throw new UnusableInput(
                    option + " " + Escape.quote(text) + " is not a number from " + least + " to " + most);
        }
        return number.longValueExact();
    }
}
