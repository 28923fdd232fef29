package org.enclosure.tdx.host;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;

import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Status;
import org.enclosure.tdx.wire.Tdcall;
import org.enclosure.tdx.wire.TdxStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class VmCallsTest {
    private static final long SHARED = 1L << 47;
    private static final long ALL = Tdcall.LINUX_MASK;

    private static long call(BareTd td, long mask, long... r10to15) {
        for (int i = 0; i < r10to15.length; i++) {
            td.registers.set(10 + i, r10to15[i]);
        }
        return td.tdcall(Tdcall.VP_VMCALL, mask);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 0x10, 1L << 32, 1L << 63, -1})
    void shouldRefuseAMaskThatShowsWhatMustNotBeShown(long mask) {
        try (BareTd td = new BareTd(Map.of())) {
            assertEquals(Status.OK, call(td, mask, 0, Tdcall.MAP_GPA, 0, 0x1000));
            assertEquals(TdxStatus.OPERAND_INVALID | 1, td.registers.get(0));
            assertEquals(0, td.registers.get(10));
        }
    }

    /// What the guest does not show is zero to the host, and stays as it is.
    @Test
    void shouldNeitherReadNorWriteWhatIsNotShown() {
        try (BareTd td = new BareTd(Map.of())) {
            assertEquals(Status.OK, call(td, 1 << 11, 99, Tdcall.MAP_GPA, 0x1000, 0x1000));
            assertEquals(0, td.registers.get(0));
            assertEquals(99, td.registers.get(10));
            assertEquals(0, td.registers.get(11), "the start of a range that was not shown is 0");
            assertEquals(0x1000, td.registers.get(12));
        }
    }

    @ParameterizedTest
    @CsvSource({"0x10000, 0, 0, 0", "0x10000, 1, 0, 0x8000000000000000", "12, 0, 0, 0",
            "0x10004, 31, 0, 0x8000000000000000",
            "0x10004, 32, 0, 0", "0x10004, 256, 0, 0x8000000000000000", "13, 0, 0, 0x8000000000000003",
            "0x10005, 0, 0, 0x8000000000000003", "0x100000001, 0, 0, 0x8000000000000003",
            "48, 3, 0, 0x8000000000000000", "48, 4, 2, 0x8000000000000000", "48, 4, 0, 0x8000000000000000",
            "30, 8, 0, 0x8000000000000000", "30, 0, 0, 0x8000000000000000", "0x10002, 0x1000, 0, 0x8000000000000000"})
    void shouldAnswerSubFunctionsAtOnce(String function, String r12, String r13, String answer) {
        try (BareTd td = new BareTd(Map.of())) {
            assertEquals(Status.OK, call(td, ALL, 0, Long.decode(function), Long.decode(r12), Long.decode(r13)));
            assertEquals(0, td.registers.get(0));
            assertEquals(Long.parseUnsignedLong(answer.startsWith("0x") ? answer.substring(2) : answer, 16),
                    td.registers.get(10));
        }
    }

    @Test
    void shouldAskTheVmmForWhatOnlyItCanAnswer() {
        try (BareTd td = new BareTd(Map.of())) {
            assertEquals(Status.REQUEST, call(td, ALL, 0, Tdcall.CPUID, 7, 1));
            assertEquals(GuestCall.HYPERCALL, td.call.request);
            assertEquals(Tdcall.CPUID, td.call.number);
            assertEquals(7, td.call.args[0]);
            assertEquals(1, td.call.args[1]);
            td.call.args[0] = 0x1234;
            assertEquals(Status.OK, td.vcpu.answer(td.call, Status.OK, td.registers));
            assertEquals(0, td.registers.get(10));
            assertEquals(0x1234, td.registers.get(11));
            assertEquals(Status.REQUEST, call(td, ALL, 77, 5, 6));
            assertEquals(77, td.call.number);
            assertEquals(5, td.call.args[0]);
            td.vcpu.answer(td.call, Status.of(Status.DENIED), td.registers);
            assertEquals(Tdcall.INVALID_OPERAND, td.registers.get(10));
            assertEquals(Status.REQUEST, call(td, ALL, 0, Tdcall.REPORT_FATAL_ERROR, 1));
            assertEquals(GuestCall.SHUTDOWN, td.call.request);
        }
    }

    @ParameterizedTest
    @CsvSource({"retry, 1", "gpa-inuse, 0x8000000000000001"})
    void shouldTellABusyHostAsItIsSet(String setting, String answer) {
        try (BareTd td = new BareTd(Map.of("busy-answer", setting))) {
            assertEquals(Status.REQUEST, call(td, ALL, 0, Tdcall.MAP_GPA, SHARED | 0x1000, 0x40_0000));
            assertEquals(512, td.call.npages);
            assertEquals(Status.REQUEST, td.vcpu.answer(td.call, Status.OK, td.registers));
            assertEquals(0x201, td.call.gfn);
            assertEquals(Status.OK, td.vcpu.answer(td.call, Status.of(Status.RETRY), td.registers));
            assertEquals(answer.startsWith("0x") ? Long.parseUnsignedLong(answer.substring(2), 16) : 1,
                    td.registers.get(10));
            assertEquals(SHARED | 0x20_1000, td.registers.get(11));
        }
    }

    /// A request is a request: no table changes before the host has decided.
    @Test
    void shouldChangeNoTableByARequest() {
        try (BareTd td = new BareTd(Map.of())) {
            td.enter();
            td.map(1, BareTd.FRAMES, 1);
            td.accept(1, 1);
            assertEquals(Status.REQUEST, call(td, ALL, 0, Tdcall.MAP_GPA, SHARED | 0x1000, 0x1000));
            assertEquals(0x1000, td.call.args[0]);
            assertEquals(0, td.call.args[2]);
            assertEquals(BareTd.FRAMES, org.enclosure.spi.Leaf.pfn(td.admit(1)));
            td.vcpu.answer(td.call, Status.of(Status.DENIED), td.registers);
            assertEquals(Tdcall.INVALID_OPERAND, td.registers.get(10));
            assertEquals(SHARED | 0x1000, td.registers.get(11));
            assertEquals(BareTd.FRAMES, org.enclosure.spi.Leaf.pfn(td.admit(1)));
        }
    }
}
