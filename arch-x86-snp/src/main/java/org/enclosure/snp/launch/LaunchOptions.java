package org.enclosure.snp.launch;

import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

import org.enclosure.api.Paging;
import org.enclosure.spi.LaunchPlanner;
import org.enclosure.spi.OptionNames;
import org.enclosure.spi.OptionValues;
import org.jspecify.annotations.Nullable;

/// The options of a launch, checked. The names are those that users of sev-snp-measure know.
///
/// | option | legal | default |
/// |---|---|---|
/// | gpa | multiple of 4096 | the image ends at 4 GiB |
/// | mode | snp, seves, sev | snp |
/// | vmm | qemu, ec2, gce | qemu |
/// | vcpus | 1 to 512 | needed to measure firmware in the modes snp and seves; 1 for a payload |
/// | vcpu-type, vcpu-sig | a processor that QEMU knows, or its CPUID signature | needed to measure firmware in the modes snp and seves with vmm=qemu; EPYC for a payload |
/// | guest-features | SEV features, 64 bits; modes seves and sev have none | 0x1 |
/// | kernel, initrd | paths | none |
/// | append | command line of the kernel | empty |
/// | kernel-hashes | 352 hex digits: the table of hashes, instead of its files | none |
/// | ovmf-hash | 96 hex digits: the digest after the image's pages; mode snp only | none: the image is measured |
/// | page-order | vmm, metadata, cpuid-last, hashes-first, image-last, ascending | vmm |
///
/// An image that ends at 4 GiB is firmware: the reset vector lies there, and what is to be loaded with it its own tables say. At
/// another gpa it is a payload: only its pages are loaded, and all vCPUs start at the reset vector.
public final class LaunchOptions {
    static final String MODE = "mode";
    static final String VMM = "vmm";
    static final String VCPUS = "vcpus";
    static final String VCPU_TYPE = "vcpu-type";
    static final String VCPU_SIG = "vcpu-sig";
    static final String FEATURES = "guest-features";
    static final String ORDER = "page-order";
    private static final String OVMF_HASH = "ovmf-hash";
    private static final Set<String> NAMES = names();
    private static final int MAX_VCPUS = 512;
    private static final long MAX_SIGNATURE = 0xFFFF_FFFFL;
    private static final long DEFAULT_FEATURES = 1;

    private final Map<String, String> options;
    private final Mode mode;
    private final Vmm vmm;
    private final PageOrder order;
    private final long gpa;
    private final int vcpus;
    private final long signature;
    private final long features;
    private final byte @Nullable [] seed;

    private LaunchOptions(Map<String, String> options) {
        this.options = options;
        mode = Choice.of(options, MODE, Mode.SNP);
        vmm = Choice.of(options, VMM, Vmm.QEMU);
        order = Choice.of(options, ORDER, PageOrder.VMM);
        gpa = gpaOf(options);
        vcpus = (int) OptionValues.number(options, VCPUS, -1, 1, MAX_VCPUS);
        signature = signatureOf(options);
        features = OptionValues.pattern(options, FEATURES, DEFAULT_FEATURES);
        seed = seedOf(options, mode);
    }

    /// Checks names and values; files are not read yet.
    ///
    /// @throws IllegalArgumentException naming the option, its value and what is legal
    public static LaunchOptions parse(Map<String, String> options) {
        OptionNames.check("a launch", options, NAMES);
        KernelOptions.check(options);
        return new LaunchOptions(Map.copyOf(options));
    }

    /// Which generation measures.
    public Mode mode() {
        return mode;
    }

    /// Who builds the vCPUs' registers.
    public Vmm vmm() {
        return vmm;
    }

    /// The number of vCPUs, -1 if the option is absent.
    public int vcpus() {
        return vcpus;
    }

    /// The processor's CPUID signature; that of EPYC if the option is absent.
    public long signature() {
        return signature < 0 ? VcpuType.EPYC : signature;
    }

    /// The SEV features of the guest.
    public long features() {
        return features;
    }

    /// The register page of a vCPU with these options.
    ///
    /// @param eip where it starts
    /// @return 4096 bytes
    public byte[] vmsa(long eip) {
        return new LaunchInputs(mode, vmm, 1, signature(), features).vmsa(eip);
    }

    /// The table of the kernel's hashes, read from its files; null without kernel.
    ///
    /// @return 176 bytes
    /// @throws IllegalArgumentException if a file cannot be read
    public byte @Nullable [] hashTable() {
        return KernelOptions.table(options);
    }

    /// Whether an image of that size lies elsewhere than firmware does.
    boolean isPayload(long imageSize) {
        return gpa >= 0 && gpa != Firmware.END - imageSize;
    }

    boolean hasKernel() {
        return KernelOptions.isPresent(options);
    }

    PageOrder order() {
        return order;
    }

    long gpa() {
        return gpa;
    }

    /// Everything that a measurement needs.
    ///
    /// @throws IllegalArgumentException if an option is missing, or a file cannot be read
    LaunchInputs inputs(long imageSize) {
        if (mode != Mode.SEV && !isPayload(imageSize)) {
            if (vcpus < 0) {
                throw new IllegalArgumentException(
                        "option vcpus is missing: mode " + mode + " measures the vCPUs; legal: 1 to " + MAX_VCPUS);
            }
            if (signature < 0 && vmm == Vmm.QEMU) {
                throw new IllegalArgumentException("option vcpu-type or vcpu-sig is missing: mode " + mode
                        + " measures the vCPUs; legal: " + legalTypes());
            }
        }
        return new LaunchInputs(mode, vmm, Math.max(vcpus, 1), signature(), features).hashTable(hashTable())
                .seed(seed);
    }

    private static long gpaOf(Map<String, String> options) {
        long gpa = OptionValues.number(options, LaunchPlanner.OPTION_GPA, -1, 0, Vmsa.MEASURED_GPA);
        if (gpa >= 0 && !Paging.isPageAligned(gpa)) {
            throw OptionValues.illegal(options, LaunchPlanner.OPTION_GPA, "multiples of 4096");
        }
        return gpa;
    }

    private static long signatureOf(Map<String, String> options) {
        String type = options.get(VCPU_TYPE);
        if (type == null) {
            return OptionValues.number(options, VCPU_SIG, -1, 0, MAX_SIGNATURE);
        }
        if (options.containsKey(VCPU_SIG)) {
            throw new IllegalArgumentException("option vcpu-sig=" + options.get(VCPU_SIG)
                    + " and option vcpu-type=" + type + " say the same thing; legal is one of them");
        }
        Long signature = VcpuType.signatureOf(type);
        if (signature == null) {
            throw OptionValues.illegal(options, VCPU_TYPE, legalTypes());
        }
        return signature;
    }

    private static byte @Nullable [] seedOf(Map<String, String> options, Mode mode) {
        String text = options.get(OVMF_HASH);
        if (text == null) {
            return null;
        }
        if (mode != Mode.SNP) {
            throw new IllegalArgumentException(
                    "option ovmf-hash=" + text + " goes with mode=snp only, not with mode=" + mode);
        }
        if (!text.matches("[0-9a-fA-F]{" + 2 * LaunchDigest.SIZE + "}")) {
            throw OptionValues.illegal(options, OVMF_HASH, 2 * LaunchDigest.SIZE + " hex digits");
        }
        return HexFormat.of().parseHex(text);
    }

    private static String legalTypes() {
        return String.join(", ", VcpuType.names());
    }

    private static Set<String> names() {
        Set<String> names = new TreeSet<>(KernelOptions.NAMES);
        names.addAll(
                Set.of(LaunchPlanner.OPTION_GPA, MODE, VMM, VCPUS, VCPU_TYPE, VCPU_SIG, FEATURES, ORDER, OVMF_HASH));
        return names;
    }
}
