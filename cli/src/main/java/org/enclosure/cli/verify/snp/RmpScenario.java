package org.enclosure.cli.verify.snp;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

import org.enclosure.cli.script.MachineOptions;
import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Invocation;
import org.enclosure.cli.verify.Machines;
import org.enclosure.cli.verify.Numbers;
import org.enclosure.cli.verify.Operations;
import org.enclosure.spi.Operation.StatusName;
import tools.jackson.databind.JsonNode;

/// A sequence of RMP operations, with what each answers and the entries behind it.
final class RmpScenario {
    private static final long PAGE = 4096;
    private static final long MIN_MEMORY = 64L << 20;
    private static final Map<String, Long> KINDS = Map.of("read", 1L, "write", 2L, "fetch_user", 4L, "fetch_super", 8L,
            "shadow_stack", 16L);
    private static final Map<String, Long> TYPES = Map.of("NORMAL", 1L, "VMSA", 2L, "ZERO", 3L, "UNMEASURED", 4L,
            "SECRETS", 5L, "CPUID", 6L);
    /// The bits that say what the RMP found; the others depend on the walk and the access.
    private static final List<String> JUDGED = List.of("RMP", "ENC", "SIZEM", "VMPL", "SSS");
    private static final int FIRST_EVENT = 0x100;

    private final Operations operations;
    private String place = "";

    private RmpScenario(Operations operations) {
        this.operations = operations;
    }

    /// Runs a case.
    static void run(Fields fields, Machines machines) {
        long covered = fields.number("covered_pages", MIN_MEMORY / PAGE);
        MachineOptions options = new MachineOptions(Math.max(MIN_MEMORY, covered * PAGE), 0,
                Map.of("rmp-pages", Long.toString(covered)));
        RmpScenario scenario = new RmpScenario(new Operations(machines.open(options).operations()));
        List<JsonNode> steps = fields.list("steps");
        for (int i = 0; i < steps.size(); i++) {
            scenario.step(i + 1, Fields.of("step " + (i + 1), steps.get(i)));
        }
    }

    private void step(int number, Fields step) {
        String name = step.text("op");
        place = "step " + number + " " + name;
        Invocation call = switch (name) {
            case "HOST_WRITE" -> spa(step, "HOST.WRITE").in("huge", Sizes.order(step.text("size")));
            case "GUEST_ACCESS" -> access(step);
            case "RMPUPDATE" -> update(step);
            case "PSMASH" -> spa(step, "PSMASH");
            case "PVALIDATE" -> guest(step, "PVALIDATE", "vmpl").in("large", Sizes.large(step.text("size")))
                    .in("validate", step.number("validate"));
            case "RMPADJUST" -> guest(step, "RMPADJUST", "current_vmpl").in("large", Sizes.large(step.text("size")))
                    .in("target_vmpl", step.number("target_vmpl")).in("perms", step.number("perms"))
                    .in("vmsa_page", step.number("vmsa"));
            case "MARK_IN_USE" -> spa(step, "TEST.MARK_IN_USE");
            case "CLEAR_IN_USE" -> spa(step, "TEST.CLEAR_IN_USE");
            case "FW_LAUNCH_UPDATE" -> spa(step, "TEST.LAUNCH_PAGE").in("asid", step.number("asid"))
                    .in("large", Sizes.large(step.text("size"))).in("launch_type", type(step));
            case "RMPQUERY" -> guest(step, "RMPQUERY", "current_vmpl").in("target_vmpl", step.number("target_vmpl"));
            case "FW_PAGE_UNSMASH" -> spa(step, "SNP_PAGE_UNSMASH");
            case "FW_PAGE_RECLAIM" -> spa(step, "SNP_PAGE_RECLAIM").in("large", Sizes.large(step.text("size")));
            default -> throw CaseFailure.unknown(name);
        };
        long status = call.invoke();
        Fields expect = step.fields("expect");
        expected(expect, call, status);
        expect.nothingElse();
        if (step.has("rmp_after")) {
            entries(step.fields("rmp_after"));
        }
        step.nothingElse();
    }

    private Invocation spa(Fields step, String operation) {
        return operations.call(operation).in("spa", step.number("spa"));
    }

    private Invocation guest(Fields step, String operation, String vmpl) {
        return operations.call(operation).in("asid", step.number("asid")).in("vmpl", step.number(vmpl)).in("snp", 1)
                .in("gpa", step.number("gpa")).in("npt_spa", step.number("npt_spa"));
    }

    private Invocation access(Fields step) {
        Long kind = KINDS.get(step.text("kind"));
        if (kind == null) {
            throw CaseFailure.unknown("kind " + step.text("kind"));
        }
        return guest(step, "GUEST.ACCESS", "vmpl").in("npt_large", Sizes.large(step.text("npt_size")))
                .in("access", kind).in("c_bit", step.number("c_bit"));
    }

    private Invocation update(Fields step) {
        String by = step.text("by", "host");
        if (!by.equals("host") && !by.equals("guest")) {
            throw CaseFailure.unknown("by " + by);
        }
        Fields entry = step.fields("new");
        Invocation call = spa(step, "RMPUPDATE").in("assigned", entry.number("assigned"))
                .in("large", Sizes.large(entry.text("page_size"))).in("immutable", entry.number("immutable"))
                .in("gpa", entry.number("gpa")).in("asid", entry.number("asid"))
                .in("in_guest", by.equals("guest") ? 1 : 0);
        entry.nothingElse();
        return call;
    }

    /// A type by its name, or by a number, which may be one that the firmware does not know.
    private static long type(Fields step) {
        JsonNode node = step.node("page_type");
        Long type = node.isString() ? TYPES.get(node.stringValue()) : null;
        return type != null ? type : step.number("page_type");
    }

    // ---- what is expected -----------------------------------------------------------------------------------------------

    private void expected(Fields expect, Invocation call, long status) {
        if (expect.has("npf") || expect.has("pf")) {
            String event = expect.has("npf") ? "NPF" : "PF";
            Compare.text(place, "status", event, name(call, status));
            bits(event.toLowerCase(java.util.Locale.ROOT), expect, call.out("info"));
        } else if (expect.has("vc")) {
            Compare.text(place, "status", "VC", name(call, status));
            Compare.number(place, "vc", expect.number("vc"), call.out("info"));
        } else if (expect.has("gp") || expect.has("ud")) {
            String event = expect.has("gp") ? "gp" : "ud";
            expect.ignore(event);
            Compare.text(place, "status", event.toUpperCase(java.util.Locale.ROOT), name(call, status));
        } else if (expect.has("fw_status")) {
            Compare.number(place, "fw_status", expect.number("fw_status"), status);
        } else if (expect.has("eax")) {
            if (status >= FIRST_EVENT) {
                throw CaseFailure.difference(place, "eax", Numbers.show(expect.number("eax")), name(call, status));
            }
            Compare.number(place, "eax", expect.number("eax"), status);
            outputs(expect, call);
        } else {
            boolean isGood = !expect.has("ok") || expect.flag("ok");
            if (!isGood || status != 0) {
                throw CaseFailure.difference(place, "status", isGood ? "OK" : "not OK", name(call, status));
            }
        }
    }

    private void outputs(Fields expect, Invocation call) {
        if (expect.has("cf")) {
            Compare.number(place, "cf", expect.number("cf"), call.out("cf"));
        }
        if (expect.has("perms")) {
            Compare.number(place, "perms", expect.number("perms"), call.out("perms"));
        }
        if (expect.has("vmsa")) {
            Compare.number(place, "vmsa", expect.number("vmsa"), call.out("vmsa_page"));
        }
    }

    private void bits(String name, Fields expect, long info) {
        List<String> wanted = expect.list(name).stream().map(JsonNode::asString).toList();
        for (String bit : wanted) {
            Compare.text(place, name + " " + bit, "set", isSet(bit, info) ? "set" : "not set");
        }
        for (String bit : JUDGED) {
            if (!wanted.contains(bit) && isSet(bit, info)) {
                throw CaseFailure.difference(place, name + " " + bit, "not set", "set");
            }
        }
    }

    private boolean isSet(String name, long info) {
        Invocation call = operations.call("FAULT.BITS").in("bit_name", name.getBytes(StandardCharsets.US_ASCII));
        call.invoke();
        long bit = call.out("bit_number");
        if (bit < 0) {
            throw CaseFailure.unknown("bit " + name);
        }
        return (info >>> bit & 1) != 0;
    }

    private static String name(Invocation call, long status) {
        return call.operation().statuses().stream().filter(one -> one.value() == status).map(StatusName::name)
                .findFirst().orElse(Numbers.show(status));
    }

    // ---- entries --------------------------------------------------------------------------------------------------------

    private void entries(Fields after) {
        for (String spa : after.names()) {
            Fields entry = after.fields(spa);
            Invocation state = operations.call("STATE.RMP").in("spa", Numbers.parse("rmp_after", spa));
            state.invoke();
            entry(place + " rmp_after " + spa, Numbers.parse("rmp_after", spa), entry, state);
            entry.nothingElse();
        }
    }

    private static void entry(String place, long spa, Fields entry, Invocation state) {
        Compare.text(place, "state", CodecCases.stateName(entry.text("state")),
                new String(state.outBytes("state_name"), StandardCharsets.US_ASCII));
        for (String name : new String[] {"assigned", "immutable", "gpa", "asid", "validated"}) {
            Compare.number(place, name, entry.number(name), state.out(name));
        }
        Compare.number(place, "vmsa", entry.number("vmsa"), state.out("vmsa_page"));
        Compare.number(place, "page_size", Sizes.large(entry.text("page_size")), state.out("large"));
        Compare.number(place, "via_2m_entry", entry.number("via_2m_entry", spa), state.out("page_spa"));
        if (!entry.text("perms_are", "vmpl1..3").equals("vmpl1..3")) {
            throw CaseFailure.unknown("perms_are " + entry.text("perms_are"));
        }
        List<JsonNode> masks = entry.list("perms");
        for (int i = 0; i < masks.size(); i++) {
            Compare.number(place, "perms " + (i + 1), Numbers.parse("perms", masks.get(i)),
                    state.out("perms" + (i + 1)));
        }
    }
}
