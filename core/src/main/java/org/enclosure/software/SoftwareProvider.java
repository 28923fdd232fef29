package org.enclosure.software;

import java.util.List;

import org.enclosure.spi.ArchitectureProvider;
import org.enclosure.spi.Platform;
import org.enclosure.spi.PlatformContext;
import org.enclosure.spi.SpiVersion;
import org.enclosure.spi.VmType;

/// The built-in platform `software`, with the VM types `default` (no private memory) and `software-protected`.
public final class SoftwareProvider implements ArchitectureProvider {
    /// The first instruction of its guests: a call to the host. The number is in register 0 (rax), arguments are in registers 1 to
    /// 4 (rbx, rcx, rdx, rsi), the result comes back in register 0, as KVM's hypercalls on x86 have it.
    public static final int HYPERCALL = 1;
    /// What the VMM offers to the guest, in register 0, as KVM's CPUID leaf of features: bit 16 says that MAP_GPA_RANGE can be
    /// called, bit 17 that a migration asks the guest first. The VM's setting `features` says what it is.
    public static final int FEATURES = 2;

    /// Creates the provider; no state.
    public SoftwareProvider() {
    }

    @Override
    public String id() {
        return "software";
    }

    @Override
    public SpiVersion spiVersion() {
        return SpiVersion.of(1, 0);
    }

    @Override
    public List<VmType> vmTypes() {
        return SoftwareTypes.ALL;
    }

    @Override
    public Platform open(PlatformContext context) {
        return new SoftwarePlatform(context);
    }
}
