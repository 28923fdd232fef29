package org.enclosure.cli.verify.tdx;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.api.vcpu.GuestCpu;
import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Machines;
import org.enclosure.cli.verify.Numbers;
import org.enclosure.spi.GuestDriver;
import org.enclosure.spi.GuestRefusedException;
import tools.jackson.databind.JsonNode;

/// The guest driver against a scripted host: the calls that it makes, and whether it is content.
final class GuestLoopCase {
    private static final int RCX = 1;
    private static final int R10 = 10;
    private static final int R11 = 11;
    private static final int R12 = 12;
    private static final int R13 = 13;
    private static final long LEAF_ACCEPT = 6;
    private static final long LEVEL = 7;
    private static final long SIZE_MISMATCH = 0xc0000b0b_00000001L;
    private static final long OPERAND_INVALID = 0xc0000100_00000001L;

    private GuestLoopCase() {
    }

    /// A driver's MapGPA loop.
    static void map(Fields fields, Machines machines) {
        List<JsonNode> replies = fields.list("host_replies");
        List<JsonNode> expected = fields.list("guest_calls_r12_r13");
        List<long[]> calls = new ArrayList<>();
        boolean toPrivate = fields.flag("to_private");
        long start = fields.number("start");
        long bytes = fields.number("end") - start;
        GuestCpu cpu = new ScriptedCpu(registers -> {
            if (registers.get(0) == LEAF_ACCEPT) {
                registers.set(0, 0); // what follows a success is not what the case is about
                return;
            }
            if (calls.size() == replies.size()) {
                throw CaseFailure.difference("", "number of calls", Integer.toString(replies.size()), "more");
            }
            Fields reply = Fields.of("reply " + calls.size(), replies.get(calls.size()));
            calls.add(new long[] {registers.get(R12), registers.get(R13)});
            registers.set(0, 0);
            registers.set(R10, reply.number("r10"));
            registers.set(R11, reply.number("r11"));
        });
        GuestDriver driver = new BareVm(machines, fields.number("gpaw"), Map.of()).backend().guestDriver();
        boolean success = succeeds(() -> {
            if (toPrivate) {
                driver.unshare(cpu, start, bytes);
            } else {
                driver.share(cpu, start, bytes);
            }
        });
        Differences.check("", "number of calls", expected.size(), calls.size());
        for (int i = 0; i < calls.size(); i++) {
            Differences.check("call " + i, "r12", Numbers.parse("r12", expected.get(i).path(0)), calls.get(i)[0]);
            Differences.check("call " + i, "r13", Numbers.parse("r13", expected.get(i).path(1)), calls.get(i)[1]);
        }
        Differences.check("", "success", Boolean.toString(fields.flag("success")), Boolean.toString(success));
    }

    /// A driver's accept loop. The host has 2M pages where the case says so, else 4K pages.
    static void accept(Fields fields, Machines machines) {
        JsonNode leaves = fields.node("pending_2m_leaves");
        boolean all = leaves.isString() && leaves.stringValue().equals("all");
        Set<Long> large = new HashSet<>();
        if (!all) {
            fields.list("pending_2m_leaves").forEach(leaf -> large.add(Numbers.parse("leaf", leaf)));
        }
        List<Long> operands = new ArrayList<>();
        GuestCpu cpu = new ScriptedCpu(registers -> {
            long operand = registers.get(RCX);
            operands.add(operand);
            registers.set(0, reply(operand, all || large.contains(operand & ~LEVEL)));
        });
        GuestDriver driver = new BareVm(machines, 48, Map.of()).backend().guestDriver();
        long start = fields.number("start");
        long bytes = fields.number("end") - start;
        boolean success = succeeds(() -> driver.accept(cpu, start, bytes));
        Differences.check("", "tdcall6_rcx_count", fields.number("tdcall6_rcx_count"), operands.size());
        edge("tdcall6_rcx_first", fields.list("tdcall6_rcx_first"), operands, 0);
        List<JsonNode> last = fields.list("tdcall6_rcx_last");
        edge("tdcall6_rcx_last", last, operands, operands.size() - last.size());
        Differences.check("", "success", Boolean.toString(fields.flag("success")), Boolean.toString(success));
    }

    private static long reply(long operand, boolean isLarge) {
        return switch ((int) (operand & LEVEL)) {
            case 0 -> 0;
            case 1 -> isLarge ? 0 : SIZE_MISMATCH;
            default -> OPERAND_INVALID;
        };
    }

    private static void edge(String name, List<JsonNode> expected, List<Long> actual, int offset) {
        for (int i = 0; i < expected.size(); i++) {
            if (offset + i < 0 || offset + i >= actual.size()) {
                throw CaseFailure.difference("", name, expected.size() + " calls", "fewer");
            }
            Differences.check("", name + "[" + i + "]", Numbers.parse(name, expected.get(i)), actual.get(offset + i));
        }
    }

    private static boolean succeeds(Runnable driver) {
        try {
            driver.run();
            return true;
        } catch (GuestRefusedException refused) {
            return false;
        }
    }
}
