package org.enclosure.cli.verify.snp;

import java.io.Serial;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Invocation;
import org.enclosure.cli.verify.Numbers;
import org.enclosure.cli.verify.Operations;

/// A host whose answers to a page state change are written down; it grants whatever is asked by the MSR protocol.
final class PaperHost {
    private static final int PAGE_MASK = 4095;
    private static final int PSC_REQUEST = 0x014;
    private static final int PSC_RESPONSE = 0x015;
    private static final int REGISTER_REQUEST = 0x012;
    private static final int REGISTER_RESPONSE = 0x013;

    private final Operations operations;
    private final Answer before;
    private final Answer after;
    private long msr;
    private int answers;

    /// What a host leaves in the buffer's header and in the answer's fields.
    ///
    /// @param cur next entry
    /// @param end last entry
    /// @param reserved reserved half of the header
    /// @param info1 SW_EXITINFO1
    /// @param info2 SW_EXITINFO2
    record Answer(long cur, long end, long reserved, long info1, long info2) {
    }

    /// The guest asked once more after the answer under test.
    static final class CalledAgain extends RuntimeException {
        @Serial private static final long serialVersionUID = 1;
    }

    /// @param before how far the host is said to have got before the answer under test
    PaperHost(Operations operations, Answer before, Answer after) {
        this.operations = operations;
        this.before = before;
        this.after = after;
        answers = before.cur() == 0 ? 1 : 0;
    }

    void execute(int instruction, RegisterFile registers, PaperCpu cpu) {
        switch (instruction) {
            case GuestAbi.PVALIDATE -> {
                registers.set(GuestAbi.RAX, 0);
                registers.set(GuestAbi.RFLAGS, 0);
            }
            case GuestAbi.WRMSR -> msr = GuestAbi.msr(registers);
            case GuestAbi.RDMSR -> GuestAbi.setMsr(registers, msr);
            case GuestAbi.VMGEXIT -> exit(cpu);
            default -> throw new CaseFailure("the guest executes instruction " + instruction);
        }
    }

    private void exit(PaperCpu cpu) {
        if ((msr & PAGE_MASK) == 0) {
            event(cpu);
            return;
        }
        Invocation decode = operations.call("GHCB.MSR.DECODE").in("value", msr);
        decode.invoke();
        long info = decode.out("msr_info");
        if (info != PSC_REQUEST && info != REGISTER_REQUEST) {
            throw new CaseFailure("the guest asks 0x" + Long.toHexString(msr) + " by the GHCB MSR");
        }
        Invocation encode = operations.call("GHCB.MSR.ENCODE")
                .in("msr_info", info == PSC_REQUEST ? PSC_RESPONSE : REGISTER_RESPONSE).in("gfn", decode.out("gfn"));
        encode.invoke();
        msr = encode.out("value");
    }

    /// First what leads to the state before, if that is not the beginning; then the answer under test; then no more.
    private void event(PaperCpu cpu) {
        if (answers == 2) {
            throw new CalledAgain();
        }
        Answer answer = answers++ == 0 ? new Answer(before.cur(), before.end(), 0, 0, 0) : after;
        byte[] page = cpu.page(msr);
        Invocation request = operations.call("GHCB.PAGE.DECODE").in("ghcb_page", page);
        request.invoke();
        Compare.number("VMGEXIT", "event", GuestAbi.EVENT_PSC, request.out("exit_code"));
        Compare.number("VMGEXIT", "fields marked valid", 1, request.out("is_valid"));
        int offset = (int) (request.out("scratch") - msr);
        if (offset < 0 || offset > page.length - Long.BYTES) {
            throw new CaseFailure("the guest's buffer at " + Numbers.show(request.out("scratch"))
                    + " is not in its GHCB page " + Numbers.show(msr));
        }
        Invocation header = operations.call("PSC.HEADER.ENCODE").in("cur_entry", answer.cur())
                .in("end_entry", answer.end()).in("psc_reserved", answer.reserved());
        header.invoke();
        ByteBuffer.wrap(page).order(ByteOrder.LITTLE_ENDIAN).putLong(offset, header.out("value"));
        Invocation out = operations.call("GHCB.PAGE.ANSWER").in("ghcb_page", page).in("exit_info1", answer.info1())
                .in("exit_info2", answer.info2());
        out.invoke();
        cpu.setPage(msr, out.outBytes("ghcb_page_out"));
    }
}
