package org.enclosure.examples.attack;

import java.util.Map;

import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.RegisterFile;

/// The calls of a CCA realm past its driver, and what its rules say about attacks. SMC is instruction 1, with the function in x0;
/// RSI_IPA_STATE_SET takes base, top, ripas and flags, and answers status, address reached and response.
final class CcaCalls implements RawCalls {
    /// The architecture.
    static final String ID = "cca";
    /// RSI_ERROR_INPUT.
    static final long ERROR_INPUT = 1;
    /// SMCCC's answer to a function that there is not.
    static final long NOT_SUPPORTED = -1;
    /// How [#convert] shows RSI_SUCCESS with the response REJECT.
    static final long REJECTED = 1L << 32;

    private static final int SMC = 1;
    private static final long IPA_STATE_SET = 0xc400_0197L;
    private static final long EMPTY = 0;
    private static final long RAM = 1;
    private static final long DESTROYED = 2;
    private static final long CHANGE_DESTROYED = 1;
    private static final String STOPPED = "guest sees stop with ERROR";

    /// What becomes of the guest when its host takes pages away (RMM specification 1.0, A5.4): the RMM wipes them, so the host finds
    /// zeroes; they are DESTROYED, whatever is put in their place afterwards; an access makes the realm leave, and only the
    /// realm itself could use the page again.
    static final Map<String, String> TAKEN = Map.of(
            AttackNames.READ_WITHOUT_SLOT, HostReach.OTHER_BYTES + "; " + STOPPED,
            AttackNames.REMAP, STOPPED + " meanwhile; " + STOPPED,
            AttackNames.REMAP_BACK, "guest meets stop with ERROR meanwhile; " + STOPPED,
            AttackNames.PUNCH, HostReach.NO_ERROR + "; " + STOPPED);

    @Override
    public long convert(GuestCpu cpu, long gpa, long pages, boolean toPrivate) {
        return setState(cpu, gpa, gpa + (pages << Paging.PAGE_SHIFT), toPrivate ? RAM : EMPTY);
    }

    @Override
    public long convertWithReservedBits(GuestCpu cpu, long gpa) {
        return setState(cpu, gpa, gpa + Paging.PAGE_SIZE, DESTROYED);
    }

    @Override
    public long unknownCall(GuestCpu cpu, long number) {
        return call(cpu, number, 0, 0, 0).get(0);
    }

    private static long setState(GuestCpu cpu, long base, long top, long ripas) {
        RegisterFile registers = call(cpu, IPA_STATE_SET, base, top, ripas);
        long status = registers.get(0);
        return status != 0 ? status : registers.get(2) << 32;
    }

    private static RegisterFile call(GuestCpu cpu, long function, long first, long second, long third) {
        RegisterFile registers = cpu.registers();
        registers.clear();
        registers.set(0, function);
        registers.set(1, first);
        registers.set(2, second);
        registers.set(3, third);
        registers.set(4, CHANGE_DESTROYED);
        cpu.execute(SMC, registers);
        return registers;
    }
}
