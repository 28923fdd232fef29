package org.enclosure.cli.verify.pkvm;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Invocation;
import org.enclosure.cli.verify.Machines;
import org.enclosure.cli.verify.Numbers;
import tools.jackson.databind.JsonNode;

/// One HVC of a protected guest. No results mean that EL2 does not return: the host has an abort.
final class GuestCallCase {
    private static final int REGISTERS = 4;
    private static final long UNMAPPED = 8;
    private static final long INSTRUCTION = 4;
    private static final int GFN_SHIFT = 12;
    private static final int HPFAR_SHIFT = 4;
    private static final Pattern ADDRESS = Pattern.compile("(unmapped )?ipa(?: ?\\+ ?(0[xX][0-9a-fA-F]+|[0-9]+))?");

    private GuestCallCase() {
    }

    /// One run for every kernel that the case names.
    static void run(Fields fields, Machines machines) {
        for (String profile : Kernels.of(fields.text("variant", "mainline"))) {
            run(fields, new TestPage(machines, profile));
        }
    }

    private static void run(Fields fields, TestPage page) {
        fields.ignore("name");
        prepare(fields.text("page", "not mapped"), page);
        long[] registers = new long[REGISTERS];
        registers[0] = fields.number("fid");
        List<JsonNode> arguments = fields.list("args");
        if (arguments.size() >= REGISTERS) {
            throw CaseFailure.unknown("argument " + arguments.size());
        }
        for (int i = 0; i < arguments.size(); i++) {
            registers[1 + i] = argument(arguments.get(i));
        }
        compare(fields.list("r"), registers[1], page.hvc(registers));
        Effect.check("GUEST.HVC", fields.text("after", ""), page);
    }

    private static void prepare(String text, TestPage page) {
        switch (text) {
            case "OWNED by guest", "OWNED" -> donate(page);
            case "already shared", "shared by guest", "SHARED_OWNED by guest", "SHARED_OWNED" -> {
                donate(page);
                require("guest_share_host", page);
            }
            case "poisoned", "POISON" -> page.setGuestState(true, 0, Words.state("POISON"));
            case "not mapped", "not mapped at guest stage 2", "NOPAGE", "" -> {
                // So it is.
            }
            default -> throw CaseFailure.unknown("page " + text);
        }
    }

    private static void donate(TestPage page) {
        require("host_donate_guest", page);
    }

    private static void require(String transition, TestPage page) {
        long status = page.transition(transition, 0);
        if (status != 0) {
            throw new CaseFailure("the page cannot be set up: " + transition + " answered "
                    + page.show(TestPage.operation(transition), status));
        }
    }

    private static long argument(JsonNode node) {
        if (node.isString()) {
            Matcher matcher = ADDRESS.matcher(node.stringValue());
            if (matcher.matches()) {
                long offset = matcher.group(2) == null ? 0 : Numbers.parse("args", matcher.group(2));
                return TestPage.ipa(matcher.group(1) == null ? 0 : UNMAPPED) + offset;
            }
        }
        return Numbers.parse("args", node);
    }

    /// @param ipa the first argument, the page of the abort if there is one
    private static void compare(List<JsonNode> expected, long ipa, Invocation call) {
        same("returned", expected.isEmpty() ? 0 : 1, call.out("returned"));
        if (expected.isEmpty()) {
            aborted(ipa, call);
        }
        for (int i = 0; i < expected.size(); i++) {
            if (i >= REGISTERS) {
                throw CaseFailure.unknown("r[" + i + "]");
            }
            long wanted = Numbers.parse("r", expected.get(i));
            if (wanted != call.out("x" + i)) {
                throw CaseFailure.difference("GUEST.HVC", "r" + i, expected.get(i).asString(),
                        Numbers.show(call.out("x" + i)));
            }
        }
    }

    /// The host is told of an abort of this page, and the guest executes the HVC again.
    private static void aborted(long ipa, Invocation call) {
        if (call.out("esr") == 0) {
            throw CaseFailure.difference("GUEST.HVC", "esr", "an abort", "0");
        }
        same("hpfar", ipa >>> GFN_SHIFT, call.out("hpfar") >>> HPFAR_SHIFT);
        same("far", 0, call.out("far"));
        same("pc_change", -INSTRUCTION, call.out("pc_change"));
    }

    private static void same(String what, long expected, long actual) {
        if (expected != actual) {
            throw CaseFailure.difference("GUEST.HVC", what, Long.toString(expected), Long.toString(actual));
        }
    }
}
