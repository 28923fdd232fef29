package org.enclosure.snp.host;

import static org.enclosure.snp.host.SevMachine.PRIVATE;
import static org.enclosure.snp.host.SevMachine.SHARED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.enclosure.api.Access;
import org.enclosure.api.Errno;
import org.enclosure.api.Paging;
import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.snp.wire.Abi;
import org.enclosure.snp.wire.Ghcb;
import org.enclosure.snp.wire.GhcbMsr;
import org.enclosure.spi.FaultDetail;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Leaf;
import org.enclosure.spi.Status;
import org.enclosure.spi.TableWork;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VmBackend;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SevVcpuTest {
    private static final long GFN = 0x40;
    private static final long PFN = 0x200;
    private static final long LEAF = Leaf.of(PFN, Paging.LEVEL_4K, Leaf.ALL);
    private static final long READ_ONLY = Leaf.of(PFN, Paging.LEVEL_4K, Leaf.READ);
    private static final long GHCB_GFN = 0x30;

    private final SevMachine machine = new SevMachine();
    private final VmBackend vm = machine.vm(SnpTypes.SEV);
    private final VcpuBackend sev = machine.vcpu(vm, 0);
    private final VcpuBackend es = machine.vcpu(machine.vm(SnpTypes.SEV_ES), 0);
    private final RegisterFile registers = new RegisterFile();
    private final GuestCall call = new GuestCall();
    private final FaultDetail detail = new FaultDetail();

    @Test
    void shouldAdmitAPageUnderTheKindOfItsAccess() {
        assertEquals(Status.FAULT, Status.kind(sev.admit(GFN, Leaf.NONE, PRIVATE, detail)));
        assertEquals(GFN, detail.gfn);
        assertEquals(LEAF, sev.admit(GFN, LEAF, SHARED, detail), "no key, shared access");
        vm.table().map(GFN, PFN, Paging.LEVEL_4K, machine.work(TableWork.FAULT, PRIVATE));
        assertEquals(LEAF, sev.admit(GFN, LEAF, PRIVATE, detail));
        assertEquals(Status.FAULT, Status.kind(sev.admit(GFN, LEAF, SHARED, detail)), "the kinds differ");
        assertEquals(Status.FAULT, Status.kind(es.admit(GFN, LEAF, PRIVATE, detail)), "another guest's key");
        assertEquals(Status.FAULT, Status.kind(sev.admit(GFN, READ_ONLY, PRIVATE, detail)));
        assertEquals(READ_ONLY, sev.admit(GFN, READ_ONLY, Access.READ | Access.PRIVATE, detail));
    }

    @Test
    void shouldLookWithTheKeyAgainAtAPageThatTheHostWrote() {
        vm.table().map(GFN, PFN, Paging.LEVEL_4K, machine.work(TableWork.FAULT, PRIVATE));
        machine.platform.hostAccess(PFN, Access.WRITE, detail);
        machine.memory.putLong(PFN << 12, 42);
        assertEquals(LEAF, sev.admit(GFN, LEAF, PRIVATE, detail), "nothing is refused");
        assertTrue(machine.memory.getLong(PFN << 12) != 42, "what the host wrote is rubbish for the guest");
    }

    @Test
    void shouldAskTheHostWhenTheGuestTellsTheStateOfPages() {
        vmmcall(Abi.MAP_GPA_RANGE, 0x7000, 3, Abi.ATTRIBUTE_ENCRYPTED | Abi.ATTRIBUTE_2M);
        assertEquals(Status.REQUEST, sev.trap(Abi.VMMCALL, registers, call));
        assertEquals(GuestCall.CONVERT, call.request);
        assertEquals(GuestCall.STYLE_HYPERCALL, call.style);
        assertEquals(7, call.gfn);
        assertEquals(3, call.npages);
        assertTrue(call.toPrivate);
        assertEquals(Abi.ATTRIBUTE_ENCRYPTED | Abi.ATTRIBUTE_2M, call.args[2], "the hint is handed on as it is");
        assertEquals(Status.OK, sev.answer(call, 0, registers));
        assertEquals(0, registers.get(Abi.RAX));
    }

    @Test
    void shouldTellTheGuestWhatTheHostAnswered() {
        vmmcall(Abi.MAP_GPA_RANGE, 0, 1, 0);
        sev.trap(Abi.VMMCALL, registers, call);
        sev.answer(call, Status.of(Status.RETRY), registers);
        assertEquals(-Errno.EAGAIN.number(), registers.get(Abi.RAX));
        vmmcall(Abi.MAP_GPA_RANGE, 0, 1, 0);
        sev.trap(Abi.VMMCALL, registers, call);
        sev.answer(call, Status.of(Status.DENIED), registers);
        assertEquals(-Errno.EINVAL.number(), registers.get(Abi.RAX));
    }

    @ParameterizedTest
    @CsvSource({"11, 0, 1, 0, -1000", "0, 0, 1, 0, -1000", "12, 1, 1, 0, -22", "12, 0, 0, 0, -22", "12, 0, -1, 0, -22",
            "12, 0x7ffffffffffff000, 1, 0, -22", "12, -4096, 1, 0, -22", "12, 0xfffffffff000, 2, 0, -22",
            "12, 0, 0x7fffffffffffffff, 0, -22", "12, 0, 1, 3, -1"})
    void shouldRefuseCallsThatMeanNothing(String number, String gpa, String pages, long cpl, long result) {
        vmmcall(Long.decode(number), Long.decode(gpa), Long.decode(pages), 0);
        registers.set(Abi.CPL, cpl);
        assertEquals(Status.OK, sev.trap(Abi.VMMCALL, registers, call));
        assertEquals(result, registers.get(Abi.RAX));
        assertEquals(0, call.request);
    }

    @Test
    void shouldKnowNoSuchCallWhereTheVmmTakesNoExits() {
        vmmcall(Abi.MAP_GPA_RANGE, 0, 1, 0);
        call.exitEnabled = false;
        assertEquals(Status.OK, sev.trap(Abi.VMMCALL, registers, call));
        assertEquals(-1000, registers.get(Abi.RAX));
    }

    @Test
    void shouldHaveNoInstructionsOfOtherGenerations() {
        for (int instruction : new int[] {Abi.PVALIDATE, Abi.RMPADJUST, Abi.RMPQUERY, Abi.VMGEXIT, Abi.WRMSR, Abi.RDMSR,
                99}) {
            assertEquals(Status.TO_GUEST, Status.kind(sev.trap(instruction, registers, call)), "SEV " + instruction);
        }
        for (int instruction : new int[] {Abi.PVALIDATE, Abi.RMPADJUST, Abi.RMPQUERY, 99}) {
            assertEquals(Status.TO_GUEST, Status.kind(es.trap(instruction, registers, call)), "SEV-ES " + instruction);
        }
    }

    @Test
    void shouldCarryTheCallOfAnEsGuestThroughItsGhcb() {
        ghcb(Ghcb.EVENT_VMMCALL);
        field(Ghcb.RAX, Abi.MAP_GPA_RANGE);
        field(Ghcb.RBX, 0x9000);
        field(Ghcb.RCX, 2);
        field(Ghcb.RDX, 0);
        assertEquals(Status.NEED_PAGE, Status.kind(es.trap(Abi.VMGEXIT, registers, call)));
        assertEquals(GHCB_GFN, call.needGfn);
        call.windowPfn = PFN;
        assertEquals(Status.REQUEST, es.trap(Abi.VMGEXIT, registers, call));
        assertEquals(9, call.gfn);
        assertEquals(2, call.npages);
        assertEquals(Status.OK, es.answer(call, Status.of(Status.DENIED), registers));
        assertEquals(-Errno.EINVAL.number(), machine.memory.getLong((PFN << 12) + Ghcb.RAX));
    }

    @Test
    void shouldNeedNoRegistrationOfAnEsGuestsGhcbButKnowNoPageStateChange() {
        ghcb(Ghcb.EVENT_PSC);
        field(Ghcb.SCRATCH, (GHCB_GFN << 12) + Ghcb.SHARED_BUFFER);
        es.trap(Abi.VMGEXIT, registers, call);
        call.windowPfn = PFN;
        assertEquals(Status.OK, es.trap(Abi.VMGEXIT, registers, call));
        assertEquals(Ghcb.MALFORMED, machine.memory.getLong((PFN << 12) + Ghcb.EXIT_INFO_1));
        assertEquals(0, call.request);
    }

    @Test
    void shouldEndAnEsGuestThatAsksByTheMsrForWhatOnlySnpHas() {
        for (int kind : new int[] {GhcbMsr.PSC_REQUEST, GhcbMsr.REGISTER_REQUEST, GhcbMsr.PREFERRED_GPA_REQUEST}) {
            call.reset();
            wrmsr(GhcbMsr.of(kind, 5));
            assertEquals(Status.REQUEST, es.trap(Abi.VMGEXIT, registers, call), "kind " + kind);
            assertEquals(GuestCall.SHUTDOWN, call.request);
        }
    }

    private void vmmcall(long number, long gpa, long pages, long attributes) {
        call.reset();
        registers.clear();
        registers.set(Abi.RAX, number);
        registers.set(Abi.RBX, gpa);
        registers.set(Abi.RCX, pages);
        registers.set(Abi.RDX, attributes);
    }

    private void wrmsr(long value) {
        registers.set(Abi.RCX, GhcbMsr.NUMBER);
        registers.set(Abi.RAX, value & 0xffff_ffffL);
        registers.set(Abi.RDX, value >>> 32);
        assertEquals(Status.OK, es.trap(Abi.WRMSR, registers, call));
    }

    private void ghcb(long event) {
        wrmsr(GHCB_GFN << 12);
        field(Ghcb.EXIT_CODE, event);
        field(Ghcb.EXIT_INFO_1, 0);
        field(Ghcb.EXIT_INFO_2, 0);
    }

    private void field(int offset, long value) {
        long page = PFN << 12;
        machine.memory.putLong(page + offset, value);
        long word = page + Ghcb.bitmapWord(offset);
        machine.memory.putLong(word, machine.memory.getLong(word) | Ghcb.bitmapBit(offset));
    }
}
