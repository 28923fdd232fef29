package org.enclosure.cli;

import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.Map;

import org.enclosure.cli.measure.ConfigReaders;
import org.enclosure.cli.measure.FirmwareFile;
import org.enclosure.cli.measure.LaunchInputs;
import org.enclosure.spi.LaunchPlanner;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/// The inputs of a launch, as they were written. What is not given is not passed on: the planner has the defaults.
final class MeasureArguments {
    private static final long FOUR_GIB = 4L << 30;

    private final Map<String, String> options = new LinkedHashMap<>();

    @Option(names = {"--firmware",
            "--ovmf"}, paramLabel = "FILE", description = "The firmware image.") private @Nullable String firmware;

    @Option(names = "--config", paramLabel = "FILE", description = "Everything of the launch in a file (cca): docs/measure.md.") private @Nullable String config;

    @Option(names = "--mode", paramLabel = "MODE", description = "x86-snp: snp, seves or sev.")
    void setMode(String value) {
        options.put("mode", value);
    }

    @Option(names = "--vcpus", paramLabel = "N", description = "Number of vCPUs.")
    void setVcpus(String value) {
        options.put("vcpus", value);
    }

    @Option(names = "--vcpu-type", paramLabel = "TYPE", description = "x86-snp: the CPU model, for example EPYC-v4.")
    void setVcpuType(String value) {
        options.put("vcpu-type", value);
    }

    @Option(names = "--vcpu-sig", paramLabel = "SIG", description = "x86-snp: the CPU signature, instead of a model.")
    void setVcpuSig(String value) {
        options.put("vcpu-sig", value);
    }

    @Option(names = "--vmm", paramLabel = "VMM", description = "x86-snp: qemu, ec2 or gce.")
    void setVmm(String value) {
        options.put("vmm", value);
    }

    @Option(names = "--guest-features", paramLabel = "MASK", description = "x86-snp: the feature bits of the VMSA.")
    void setGuestFeatures(String value) {
        options.put("guest-features", value);
    }

    @Option(names = "--kernel", paramLabel = "FILE", description = "x86-snp: the kernel, measured by its hash.")
    void setKernel(String value) {
        options.put("kernel", value);
    }

    @Option(names = "--initrd", paramLabel = "FILE", description = "x86-snp: the initial RAM disk, with --kernel.")
    void setInitrd(String value) {
        options.put("initrd", value);
    }

    @Option(names = "--append", paramLabel = "TEXT", description = "x86-snp: the kernel's command line, with --kernel.")
    void setAppend(String value) {
        options.put("append", value);
    }

    @Option(names = "--ovmf-hash", paramLabel = "DIGEST", description = "x86-snp: the digest after the firmware's pages, instead of measuring them.")
    void setOvmfHash(String value) {
        options.put("ovmf-hash", value);
    }

    @Option(names = "--page-add-order", paramLabel = "ORDER", description = "x86-tdx: one-pass or two-pass.")
    void setPageAddOrder(String value) {
        options.put("page-add-order", value);
    }

    /// What they mean.
    ///
    /// @throws UnusableInput if a file cannot be used, or there is nothing to launch
    LaunchInputs inputs(String architecture) {
        if (config != null) {
            if (firmware != null) {
                throw new UnusableInput("--config and --firmware exclude each other");
            }
            return ConfigReaders.find(architecture).read(InputFile.path("--config", config), options);
        }
        if (firmware == null) {
            throw new UnusableInput("--firmware is missing: the image whose launch is measured");
        }
        MemorySegment image = FirmwareFile.map("--firmware", firmware);
        Map<String, String> all = new LinkedHashMap<>(options);
        all.put(LaunchPlanner.OPTION_GPA, "0x" + Long.toHexString(FOUR_GIB - image.byteSize()));
        return new LaunchInputs(image, null, all);
    }
}
