package org.enclosure.snp.host;

import java.util.Map;

import org.enclosure.snp.launch.LaunchOptions;
import org.enclosure.snp.launch.Mode;

/// Checks of a launch's options against its VM.
final class Options {
    private Options() {
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
