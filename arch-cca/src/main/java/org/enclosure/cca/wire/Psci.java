package org.enclosure.cca.wire;

/// The Power State Coordination Interface as a realm sees it (PSCI 1.1, Arm DEN0022; RMM specification 1.0, B6).
public final class Psci {
    /// VERSION.
    public static final long VERSION = 0x8400_0000L;
    /// CPU_SUSPEND, 32-bit.
    public static final long CPU_SUSPEND_32 = 0x8400_0001L;
    /// CPU_SUSPEND, 64-bit.
    public static final long CPU_SUSPEND_64 = 0xc400_0001L;
    /// CPU_OFF.
    public static final long CPU_OFF = 0x8400_0002L;
    /// CPU_ON(target, entry, context), 32-bit.
    public static final long CPU_ON_32 = 0x8400_0003L;
    /// CPU_ON(target, entry, context), 64-bit.
    public static final long CPU_ON_64 = 0xc400_0003L;
    /// AFFINITY_INFO(target, lowest level), 32-bit.
    public static final long AFFINITY_INFO_32 = 0x8400_0004L;
    /// AFFINITY_INFO(target, lowest level), 64-bit.
    public static final long AFFINITY_INFO_64 = 0xc400_0004L;
    /// SYSTEM_OFF.
    public static final long SYSTEM_OFF = 0x8400_0008L;
    /// SYSTEM_RESET.
    public static final long SYSTEM_RESET = 0x8400_0009L;
    /// FEATURES(function).
    public static final long FEATURES = 0x8400_000aL;
    /// SMCCC_VERSION of the calling convention.
    public static final long SMCCC_VERSION = 0x8000_0000L;

    /// Done; AFFINITY_INFO: on.
    public static final long SUCCESS = 0;
    /// AFFINITY_INFO: off.
    public static final long OFF = 1;
    /// There is no such function.
    public static final long NOT_SUPPORTED = -1;
    /// An argument is illegal.
    public static final long INVALID_PARAMETERS = -2;
    /// The host refuses.
    public static final long DENIED = -3;
    /// The target runs already.
    public static final long ALREADY_ON = -4;
    /// The entry point is not in the protected half.
    public static final long INVALID_ADDRESS = -9;
    /// Version 1.1.
    public static final long VERSION_1_1 = 0x1_0001;
    /// Version 1.2 of the calling convention.
    public static final long SMCCC_1_2 = 0x1_0002;

    private Psci() {
    }
}
