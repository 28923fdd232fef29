package org.enclosure.cli.verify.tdx;

import java.util.List;
import java.util.Map;

import org.enclosure.api.vcpu.RegisterFile;
import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Machines;
import org.enclosure.spi.GuestCall;
import org.enclosure.spi.Status;
import org.enclosure.spi.VcpuBackend;
import tools.jackson.databind.JsonNode;

/// MapGPA on the host's side: the guest's registers in, the exits to the VMM, the registers out.
final class MapGpaHostCase {
    private static final int TDCALL = 1;
    private static final long MASK = 0xffcc;
    private static final long MAP_GPA = 0x10001;
    private static final int R10 = 10;
    private static final int R11 = 11;
    private static final int R12 = 12;
    private static final int R13 = 13;
    private static final Map<String, Long> ATTRIBUTES = Map.of("private", 0x10L, "shared", 0L);

    private final RegisterFile registers = new RegisterFile();
    private final GuestCall call = new GuestCall();

    private MapGpaHostCase() {
    }

    static void run(Fields fields, Machines machines) {
        BareVm vm = new BareVm(machines, fields.number("gpaw"),
                Map.of("maxphyaddr", Long.toString(fields.number("maxphyaddr"))));
        new MapGpaHostCase().run(fields, vm.vcpu());
    }

    private void run(Fields fields, VcpuBackend vcpu) {
        call.exitEnabled = fields.flag("map_gpa_exit_enabled");
        registers.set(1, MASK);
        registers.set(R11, MAP_GPA);
        registers.set(R12, fields.number("r12"));
        registers.set(R13, fields.number("r13"));
        List<JsonNode> exits = fields.list("exits");
        long pendingAfter = fields.number("events_pending_after_chunks");
        long failing = fields.number("userspace_fails_chunk");
        long status = vcpu.trap(TDCALL, registers, call);
        int seen = 0;
        while (Status.has(status, Status.REQUEST)) {
            if (seen == exits.size()) {
                throw CaseFailure.difference("", "number of exits", Integer.toString(exits.size()), "more");
            }
            exit("exit " + seen, Fields.of("exit " + seen, exits.get(seen)));
            call.interruptPending = pendingAfter > 0 && seen + 1 >= pendingAfter;
            long answer = seen == failing ? Status.of(Status.DENIED) : Status.OK;
            seen++;
            status = vcpu.answer(call, answer, registers);
        }
        Differences.check("", "number of exits", exits.size(), seen);
        out(fields.fields("out"));
    }

    private void exit(String place, Fields expected) {
        Differences.check(place, "gpa", expected.number("gpa"), call.args[0]);
        Differences.check(place, "npages", expected.number("npages"), call.args[1]);
        Long attribute = ATTRIBUTES.get(expected.text("attr"));
        if (attribute == null) {
            throw CaseFailure.unknown("attr " + expected.text("attr"));
        }
        Differences.check(place, "attr", attribute, call.args[2]);
        expected.nothingElse();
    }

    private void out(Fields out) {
        Differences.check("", "rax", 0, registers.get(0));
        Differences.check("", "r10", out.number("r10"), registers.get(R10));
        if (out.has("r11")) {
            Differences.check("", "r11", out.number("r11"), registers.get(R11));
        }
        out.nothingElse();
    }
}
