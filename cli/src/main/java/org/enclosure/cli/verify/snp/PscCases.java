package org.enclosure.cli.verify.snp;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.cli.script.BareMachine;
import org.enclosure.cli.script.MachineOptions;
import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Invocation;
import org.enclosure.cli.verify.Machines;
import org.enclosure.cli.verify.Numbers;
import org.enclosure.cli.verify.Operations;
import org.enclosure.spi.FrameCache;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.PhysicalMemory;
import org.enclosure.spi.Status;
import org.enclosure.spi.VcpuBackend;
import org.enclosure.spi.VcpuContext;
import org.enclosure.spi.VmBackend;
import org.enclosure.spi.VmContext;
import org.enclosure.spi.VmType;
import tools.jackson.databind.JsonNode;

/// The section `psc`: a guest's page state change against a host whose answers are written down. The VM has no engine behind it: the
/// adapter hands it frames, gives it its GHCB page, and answers its requests.
final class PscCases {
    private static final int PAGE = 4096;
    private static final int PAGE_SHIFT = 12;
    private static final int SHARED_END = 0xff0;
    private static final long GHCB_GPA = 0x2_3000;
    private static final long WINDOW_PFN = 0x80;
    private static final long ROOT_PFN = 0x81;
    private static final long FIRST_FRAME = 0x100;
    private static final int FRAMES = 8;
    private static final int MOST_REQUESTS = 1000;

    private final Operations operations;
    private final PhysicalMemory memory;
    private final VcpuBackend vcpu;
    private final GuestCall call = new GuestCall();
    private final RegisterFile registers = new RegisterFile();
    private final List<long[]> exits = new ArrayList<>();

    private PscCases(BareMachine machine, VcpuBackend vcpu) {
        operations = new Operations(machine.operations());
        memory = machine.memory();
        this.vcpu = vcpu;
    }

    static void run(Fields fields, Machines machines) {
        BareMachine machine = machines.open(MachineOptions.defaults());
        try (VmBackend vm = machine.platform().create(new VmContext(type(machines), 1, ROOT_PFN, frames(0), Map.of()));
                VcpuBackend vcpu = vm.createVcpu(new VcpuContext(0, frames(FRAMES)))) {
            new PscCases(machine, vcpu).run(fields);
        }
    }

    private static VmType type(Machines machines) {
        for (VmType type : machines.provider().vmTypes()) {
            if (type.id().equals("snp")) {
                return type;
            }
        }
        throw new CaseFailure("the plugin has no VM type snp");
    }

    private static FrameCache frames(int after) {
        FrameCache frames = new FrameCache(FRAMES);
        for (int i = 0; i < FRAMES; i++) {
            frames.push(FIRST_FRAME + after + i);
        }
        return frames;
    }

    private void run(Fields fields) {
        byte[] buffer = fields.bytes("buffer");
        Invocation place = operations.call("PSC.OFFSET").in("max_entries", fields.number("max_entries"));
        place.invoke();
        int offset = (int) place.out("buffer_offset");
        int length = Math.min(buffer.length, SHARED_END - offset);
        register();
        writePage(offset, buffer, length);
        call.exitEnabled = fields.flag("exit_enabled", true);
        serve(returns(fields), execute(GuestAbi.VMGEXIT));
        compare(fields, buffer, offset, length);
    }

    private static List<Long> returns(Fields fields) {
        JsonNode node = fields.node("hypercall_returns");
        if (node.isString()) {
            if (!node.stringValue().equals("all 0")) {
                throw CaseFailure.unknown("hypercall_returns " + node.stringValue());
            }
            return List.of();
        }
        List<Long> returns = new ArrayList<>();
        node.forEach(each -> returns.add(Numbers.parse("hypercall_returns", each)));
        return returns;
    }

    /// Registers the GHCB page and makes it the one in use.
    private void register() {
        Invocation request = operations.call("GHCB.MSR.ENCODE").in("msr_info", 0x012).in("gfn",
                GHCB_GPA >>> PAGE_SHIFT);
        request.invoke();
        setMsr(request.out("value"));
        execute(GuestAbi.VMGEXIT);
        setMsr(GHCB_GPA);
    }

    private void setMsr(long value) {
        GuestAbi.setMsr(registers, value);
        execute(GuestAbi.WRMSR);
    }

    private void writePage(int offset, byte[] buffer, int length) {
        Invocation page = operations.call("GHCB.PAGE.REQUEST").in("exit_code", GuestAbi.EVENT_PSC).in("scratch",
                GHCB_GPA + offset);
        page.invoke();
        byte[] bytes = page.outBytes("ghcb_page_out");
        System.arraycopy(buffer, 0, bytes, offset, length);
        for (int i = 0; i < PAGE; i++) {
            memory.putByte((WINDOW_PFN << PAGE_SHIFT) + i, bytes[i]);
        }
    }

    private long execute(int instruction) {
        call.reset();
        long status = vcpu.trap(instruction, registers, call);
        if (Status.kind(status) == Status.NEED_PAGE) {
            call.windowPfn = WINDOW_PFN;
            status = vcpu.trap(instruction, registers, call);
        }
        return status;
    }

    /// Answers each request with the next return value; behind the last of them with 0.
    private void serve(List<Long> returns, long first) {
        long status = first;
        while (Status.has(status, Status.REQUEST)) {
            if (call.request != GuestCall.CONVERT || exits.size() == MOST_REQUESTS) {
                throw new CaseFailure("request " + call.request + " of number " + call.number + " is not expected");
            }
            long result = exits.size() < returns.size() ? returns.get(exits.size()) : 0;
            exits.add(new long[] {call.args[0], call.args[1], call.args[2], result});
            long answer = result == 0 ? Status.OK : Status.of(Status.DENIED);
            call.windowPfn = GuestCall.NO_FRAME;
            status = vcpu.answer(call, answer, registers);
            if (Status.kind(status) == Status.NEED_PAGE) {
                call.windowPfn = WINDOW_PFN;
                status = vcpu.answer(call, answer, registers);
            }
        }
        Compare.number("VMGEXIT", "status", Status.OK, status);
    }

    private void compare(Fields fields, byte[] buffer, int offset, int length) {
        compareExits(fields.list("exits"));
        byte[] page = new byte[PAGE];
        for (int i = 0; i < PAGE; i++) {
            page[i] = memory.getByte((WINDOW_PFN << PAGE_SHIFT) + i);
        }
        Invocation decode = operations.call("GHCB.PAGE.DECODE").in("ghcb_page", page);
        decode.invoke();
        Compare.number("", "sw_exitinfo1", fields.number("sw_exitinfo1"), decode.out("exit_info1"));
        Compare.number("", "sw_exitinfo2", fields.number("sw_exitinfo2"), decode.out("exit_info2"));
        byte[] after = buffer.clone();
        System.arraycopy(page, offset, after, 0, length);
        Compare.bytes("", "buffer_after", fields.bytes("buffer_after"), after);
        Invocation header = operations.call("PSC.HEADER.DECODE").in("value",
                memory.getLong((WINDOW_PFN << PAGE_SHIFT) + offset));
        header.invoke();
        Compare.number("", "cur_entry_after", fields.number("cur_entry_after"), header.out("cur_entry"));
        Compare.number("", "end_entry_after", fields.number("end_entry_after"), header.out("end_entry"));
        fields.ignore("linux_kvm_differs"); // what KVM does instead, and why it is not copied
    }

    private void compareExits(List<JsonNode> wanted) {
        for (int i = 0; i < Math.min(wanted.size(), exits.size()); i++) {
            Fields exit = Fields.of("an exit", wanted.get(i));
            String place = "exit " + (i + 1);
            Compare.number(place, "gpa", exit.number("gpa"), exits.get(i)[0]);
            Compare.number(place, "npages", exit.number("npages"), exits.get(i)[1]);
            Compare.number(place, "attrs", exit.number("attrs"), exits.get(i)[2]);
            Compare.number(place, "ret", exit.number("ret", 0), exits.get(i)[3]);
            exit.nothingElse();
        }
        Compare.number("", "number of exits", wanted.size(), exits.size());
    }
}
