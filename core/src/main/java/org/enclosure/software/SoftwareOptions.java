package org.enclosure.software;

import java.util.Map;
import java.util.Set;

import org.enclosure.spi.GuestCall;
import org.enclosure.spi.OptionNames;
import org.enclosure.spi.OptionValues;

/// What a VM of this platform can be created with.
///
/// @param style one of the styles of [GuestCall]: by which exit the guest's requests for conversions reach the VMM
/// @param features what the guest's FEATURES instruction answers, set by the VMM as CPUID leaf 0x40000001 is with KVM
///        (`Documentation/virt/kvm/x86/cpuid.rst`)
record SoftwareOptions(int style, long features) {
    /// Feature bit 16: MAP_GPA_RANGE can be called.
    static final long FEATURE_MAP_GPA_RANGE = 1 << 16;

    private static final String EXIT = "exit";
    private static final String FEATURES = "features";

    /// Reads the options.
    ///
    /// @throws IllegalArgumentException naming the first option that cannot be used, with what is legal
    static SoftwareOptions of(Map<String, String> options, boolean hasPrivate) {
        OptionNames.check("a VM of the software platform", options, Set.of(EXIT, FEATURES));
        int style = switch (OptionValues.choice(options, EXIT, "hypercall", "unshare", "memory-fault")) {
            case "unshare" -> GuestCall.STYLE_UNSHARE;
            case "memory-fault" -> GuestCall.STYLE_MEMORY_FAULT;
            default -> GuestCall.STYLE_HYPERCALL;
        };
        return new SoftwareOptions(style,
                OptionValues.pattern(options, FEATURES, hasPrivate ? FEATURE_MAP_GPA_RANGE : 0));
    }
}
