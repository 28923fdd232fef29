package org.enclosure.fuzz.tdx;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Set;

import org.enclosure.api.GuestMemoryException;
import org.enclosure.api.host.HostAccessException;
import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.tck.machine.TestHost;
import org.enclosure.tck.machine.TestVm;
import org.enclosure.tck.plugin.Plugin;
import org.enclosure.tck.random.Choices;
import org.enclosure.tdx.TdxProvider;
import org.enclosure.tdx.wire.OperandId;
import org.enclosure.tdx.wire.PageInfo;
import org.enclosure.tdx.wire.Tdcall;
import org.enclosure.tdx.wire.TdxStatus;

/// A TD whose guest executes TDCALL with any registers. Page 0 holds a secret whenever it is private.
final class HostileGuest implements AutoCloseable {
    private static final long SECRET = 0x5ec2_e75e_c2e7_5ec2L;
    private static final int RAX = 0;
    private static final int RCX = 1;
    private static final int R10 = 10;
    private static final int R11 = 11;
    private static final int REGISTERS = 16;
    private static final long SHARED_BIT = PageInfo.sharedBit(48);
    private static final long[] FUNCTIONS = {Tdcall.MAP_GPA, Tdcall.MAP_GPA, Tdcall.MAP_GPA, Tdcall.GET_INFO,
            Tdcall.HLT,
            Tdcall.IO, Tdcall.RDMSR, Tdcall.WRMSR, Tdcall.CPUID, Tdcall.REQUEST_MMIO, Tdcall.GET_QUOTE,
            Tdcall.REPORT_FATAL_ERROR, Tdcall.SETUP_EVENT_NOTIFY};
    private static final Set<Long> ANSWERS = Set.of(Tdcall.SUCCESS, Tdcall.RETRY, Tdcall.INVALID_OPERAND,
            Tdcall.GPA_INUSE, Tdcall.ALIGN_ERROR, Tdcall.SUBFUNC_UNSUPPORTED);

    private final Choices choices;
    private final TestHost host = new TestHost(Plugin.of(new TdxProvider()));
    private final TestVm vm;
    private final long[] before = new long[REGISTERS];

    HostileGuest(Choices choices) {
        this.choices = choices;
        vm = host.launchVm(host.plugin().provider().vmTypes().getFirst());
    }

    /// One TDCALL, and then a look by the host.
    void step() {
        vm.tryRun(0, cpu -> {
            cpu.onEvent((handler, event, gpa) -> {
                handler.accept(TestVm.WORK, TestVm.PAGE);
                return true;
            });
            if (choices.nextInt(3) == 0) {
                cpu.storeLong(cpu.address(TestVm.WORK, true), SECRET);
            }
            call(cpu);
        });
        look();
    }

    private void call(GuestCpu cpu) {
        RegisterFile registers = cpu.registers();
        for (int register = 0; register < REGISTERS; register++) {
            registers.set(register, value(register));
            before[register] = registers.get(register);
        }
        cpu.execute(Tdcall.INSTRUCTION, registers);
        long rax = before[RAX];
        if (rax == Tdcall.VP_VMCALL) {
            checkVmcall(registers);
        } else if (rax != Tdcall.VP_INFO && rax != Tdcall.VP_VEINFO_GET && rax != Tdcall.MEM_PAGE_ACCEPT) {
            assertEquals(TdxStatus.OPERAND_INVALID, registers.get(RAX), "an unknown leaf");
        }
    }

    private long value(int register) {
        return switch (register) {
            case RAX -> choices.nextInt(8) == 0 ? choices.nextLong() : choices.nextInt(4) == 0 ? choices.nextInt(8) : 0;
            case RCX -> choices.nextInt(8) == 0 ? choices.nextLong()
                    : choices.nextInt(4) == 0 ? gpa() : choices.nextBoolean() ? Tdcall.LINUX_MASK : 0xfc00;
            case R10 -> choices.nextInt(8) == 0 ? choices.nextLong() : 0;
            case R11 -> choices.nextInt(8) == 0 ? choices.nextLong() : FUNCTIONS[choices.nextInt(FUNCTIONS.length)];
            default -> choices.nextInt(4) == 0 ? choices.nextLong() : choices.nextBoolean() ? gpa()
                    : choices.nextInt(4) * 0x1000L;
        };
    }

    private long gpa() {
        long gpa = TestVm.WORK + choices.nextInt(3) * TestVm.PAGE + (choices.nextInt(8) == 0 ? 1 : 0);
        return choices.nextBoolean() ? gpa | SHARED_BIT : gpa;
    }

    private void checkVmcall(RegisterFile registers) {
        long mask = before[RCX];
        boolean isLegal = (mask & (~0xffff_ffffL | 1 | 1 << 1 | 1 << 4)) == 0;
        assertEquals(isLegal ? 0 : TdxStatus.of(TdxStatus.OPERAND_INVALID, OperandId.RCX), registers.get(RAX), "RAX");
        for (int register = 1; register < REGISTERS; register++) {
            if (!isLegal || (mask >>> register & 1) == 0) {
                assertEquals(before[register], registers.get(register), "register " + register + " is not the host's");
            }
        }
        boolean isStandard = isLegal && (mask & 1 << R10) != 0 && before[R10] == 0;
        assertTrue(!isStandard || ANSWERS.contains(registers.get(R10)),
                () -> "R10 0x" + Long.toHexString(registers.get(R10)));
    }

    private void look() {
        try {
            assertNotEquals(SECRET, vm.mapping().loadLong(TestVm.WORK), "the host's process reads the secret");
        } catch (HostAccessException | GuestMemoryException e) {
            // It may not.
        }
        long pa = vm.vm().inspect(TestVm.WORK).pa();
        if (pa >= 0) {
            assertNotEquals(SECRET, host.host().physical().loadLong(pa), "the host's kernel reads the secret");
        }
    }

    @Override
    public void close() {
        vm.close();
        host.close();
    }
}
