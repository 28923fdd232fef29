package org.enclosure.examples.attack;

import java.util.Map;

import org.enclosure.spi.VmTrait;
import org.enclosure.spi.VmTraits;

/// What the interface and the tables of one architecture say about attacks, as its documents have it.
///
/// @param malformed what the guest's registers hold after a request that is malformed
/// @param refused what they hold after a request that the host refuses
/// @param unknown what they hold after a call that nobody knows
/// @param rawRead what a raw read of a private frame gets; alternatives stand behind " or "
/// @param rawWrite what a raw write of a private frame gets
/// @param exceptions what the registers hold after calls that the interface answers in another way, by the attack's name
record ArchitectureRules(long malformed, long refused, long unknown, String rawRead, String rawWrite,
        Map<String, Long> exceptions) {
    /// The tables refuse the access.
    static final String DENIED = "DENIED";
    /// The access is made, and the page is lost for the guest.
    static final String POISONED = "POISONED";

    private static final long KVM_EINVAL = -22;
    private static final long KVM_ENOSYS = -1000;
    private static final long SMCCC_NOT_SUPPORTED = -1;
    private static final long SMCCC_INVALID_PARAMETER = -3;
    private static final long TEST_BAD_OPERAND = 1;
    private static final long TEST_REFUSED = 2;
    private static final long TDVMCALL_INVALID_OPERAND = 0x8000_0000_0000_0000L;
    private static final long TDVMCALL_ALIGN_ERROR = 0x8000_0000_0000_0002L;
    private static final long TDVMCALL_SUBFUNC_UNSUPPORTED = 0x8000_0000_0000_0003L;
    private static final long TDX_OPERAND_INVALID_RCX = 0xc000_0100_0000_0001L;

    ArchitectureRules(long malformed, long refused, long unknown, String rawRead, String rawWrite) {
        this(malformed, refused, unknown, rawRead, rawWrite, Map.of());
    }

    /// The rules of an architecture. One that has no line here may refuse a raw read or answer it with bytes that are not the
    /// guest's, as it likes, and refuses a raw write; of its calls nothing is known, and none are attacked.
    static ArchitectureRules of(String architecture, VmTraits traits) {
        return switch (architecture) {
            // KVM's hypercalls: -EINVAL for both, -ENOSYS for what nobody knows. A record of private frames refuses every raw access.
            case "software" -> new ArchitectureRules(KVM_EINVAL, KVM_EINVAL, KVM_ENOSYS, DENIED, DENIED);
            // Raw reads are junk. The frame table refuses writes; a stage 2 of the machine's own has integrity instead.
            case "test" -> new ArchitectureRules(TEST_BAD_OPERAND, TEST_REFUSED, TEST_REFUSED, HostReach.OTHER_BYTES,
                    traits.has(VmTrait.PRIVATE_TABLE_OWNED) ? POISONED : DENIED);
            // INVALID_PARAMETER for whatever a check finds, NOT_SUPPORTED for what nobody knows. A page that was given away is out of the
            // host's reach.
            case "arm64-pkvm" -> new ArchitectureRules(SMCCC_INVALID_PARAMETER, SMCCC_INVALID_PARAMETER,
                    SMCCC_NOT_SUPPORTED, DENIED, DENIED);
            // RSI_ERROR_INPUT for what is malformed; what the host refuses is REJECTed. Another address space is a granule protection fault.
            case CcaCalls.ID -> new ArchitectureRules(CcaCalls.ERROR_INPUT, CcaCalls.REJECTED, CcaCalls.NOT_SUPPORTED,
                    DENIED, DENIED);
            // Raw reads are ciphertext. The RMP refuses writes (APM volume 2, 15.36); without it they go through, and what has the key reads
            // rubbish (15.34).
            case "x86-snp" -> new ArchitectureRules(KVM_EINVAL, KVM_EINVAL, KVM_ENOSYS, HostReach.OTHER_BYTES,
                    traits.has(VmTrait.ACCEPT_NEEDED) ? DENIED : HostReach.NO_ERROR);
            // MapGPA answers INVALID_OPERAND, but ALIGN_ERROR for a range that is not page aligned; ACCEPT answers of the module's own.
            // A raw read is junk, a raw write shows when the TD consumes the page: it ends by a machine check.
            case "x86-tdx" -> new ArchitectureRules(TDVMCALL_INVALID_OPERAND, TDVMCALL_INVALID_OPERAND,
                    TDVMCALL_SUBFUNC_UNSUPPORTED, HostReach.OTHER_BYTES, POISONED,
                    Map.of(AttackNames.UNALIGNED, TDVMCALL_ALIGN_ERROR, AttackNames.BAD_ACCEPT,
                            TDX_OPERAND_INVALID_RCX));
            default -> new ArchitectureRules(0, 0, 0, DENIED + " or " + HostReach.OTHER_BYTES, DENIED);
        };
    }
}
