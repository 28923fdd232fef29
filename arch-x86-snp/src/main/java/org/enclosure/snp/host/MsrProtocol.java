package org.enclosure.snp.host;

import org.enclosure.snp.wire.Abi;
import org.enclosure.snp.wire.Ghcb;
import org.enclosure.snp.wire.GhcbMsr;

/// The answers of the MSR protocol that need nothing but the request (GHCB specification, MSR protocol; KVM).
final class MsrProtocol {
    static final int VERSION_MIN = 1;
    static final int VERSION_MAX = 2;

    private static final long CPUID_ENCRYPTION = 0x8000_001fL;
    private static final long SEV = 1 << 1;
    private static final long SEV_ES = 1 << 3;
    private static final long SEV_SNP = 1 << 4;
    private static final long WOKEN = 1;

    private final boolean snp;

    MsrProtocol(boolean snp) {
        this.snp = snp;
    }

    /// Requests that end a guest that is not an SNP guest.
    static boolean isForSnp(int info) {
        return info == GhcbMsr.PREFERRED_GPA_REQUEST || info == GhcbMsr.REGISTER_REQUEST || info == GhcbMsr.PSC_REQUEST
                || info == GhcbMsr.FEATURES_REQUEST;
    }

    /// The new value; a request that is not known leaves it as it is.
    long answer(long request) {
        return switch (GhcbMsr.info(request)) {
            case GhcbMsr.SEV_INFO_REQUEST -> GhcbMsr.sevInfo(VERSION_MAX, VERSION_MIN, Abi.C_BIT);
            case GhcbMsr.CPUID_REQUEST -> GhcbMsr.cpuid(GhcbMsr.CPUID_RESPONSE, cpuid(request),
                    GhcbMsr.register(request));
            case GhcbMsr.AP_RESET_HOLD_REQUEST -> GhcbMsr.of(GhcbMsr.AP_RESET_HOLD_RESPONSE, WOKEN);
            case GhcbMsr.PREFERRED_GPA_REQUEST -> GhcbMsr.of(GhcbMsr.PREFERRED_GPA_RESPONSE, GhcbMsr.NO_GFN);
            case GhcbMsr.FEATURES_REQUEST -> GhcbMsr.of(GhcbMsr.FEATURES_RESPONSE, Ghcb.FEATURES);
            default -> request;
        };
    }

    /// Of CPUID, only what says how memory is encrypted.
    private long cpuid(long request) {
        if (GhcbMsr.upper(request) != CPUID_ENCRYPTION) {
            return 0;
        }
        return switch (GhcbMsr.register(request)) {
            case 0 -> SEV | SEV_ES | (snp ? SEV_SNP : 0);
            case 1 -> Abi.C_BIT;
            default -> 0;
        };
    }
}
