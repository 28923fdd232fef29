package org.enclosure.snp.host;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.enclosure.snp.launch.LaunchOptions;
import org.enclosure.snp.launch.Mode;

/// Checks of option names.
final class Options {
    private Options() {
    }

    /// @throws IllegalArgumentException if a name is not among the legal ones
    static void checkNames(String whose, Map<String, String> options, Set<String> legal) {
        for (String name : new TreeSet<>(options.keySet())) {
            if (!legal.contains(name)) {
                throw new IllegalArgumentException(whose + " has no setting '" + name + "'; legal are "
                        + (legal.isEmpty() ? "none" : String.join(", ", new TreeSet<>(legal))));
            }
        }
    }

    /// What a launch's options say of the VM has to be so.
    ///
    /// @throws IllegalArgumentException if the mode is another VM type's, or the number of vCPUs is not the VM's
    static void checkLaunch(Map<String, String> options, LaunchOptions parsed, Mode mode, int vcpus) {
        if (options.containsKey("mode") && parsed.mode() != mode) {
            throw new IllegalArgumentException(
                    "option mode=" + options.get("mode") + " is not this VM's, which is " + mode);
        }
        if (parsed.vcpus() >= 0 && parsed.vcpus() != vcpus) {
            throw new IllegalArgumentException(
                    "option vcpus=" + parsed.vcpus() + " is not this VM's number, which is " + vcpus);
        }
    }
}
