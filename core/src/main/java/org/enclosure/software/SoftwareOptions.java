package org.enclosure.software;

import java.util.Map;
import java.util.Set;

import org.enclosure.spi.GuestCall;
import org.enclosure.spi.OptionNames;

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
        String exit = options.getOrDefault(EXIT, "hypercall");
        int style = switch (exit) {
            case "hypercall" -> GuestCall.STYLE_HYPERCALL;
            case "unshare" -> GuestCall.STYLE_UNSHARE;
            case "memory-fault" -> GuestCall.STYLE_MEMORY_FAULT;
            default -> throw new IllegalArgumentException(
                    "option exit=" + exit + " is not known; legal: hypercall, unshare, memory-fault");
        };
        return new SoftwareOptions(style, features(options.get(FEATURES), hasPrivate ? FEATURE_MAP_GPA_RANGE : 0));
    }

    private static long features(@org.jspecify.annotations.Nullable String text, long byDefault) {
        if (text == null) {
            return byDefault;
        }
        try {
            return Long.decode(text);
        } catch (NumberFormatException notANumber) {
            throw new IllegalArgumentException("option features=" + text + " is not a decimal or 0x number",
                    notANumber);
        }
    }
}
