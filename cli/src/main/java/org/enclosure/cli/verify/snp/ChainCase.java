package org.enclosure.cli.verify.snp;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Invocation;
import org.enclosure.cli.verify.Operations;
import tools.jackson.databind.JsonNode;

/// A launch as a chain of steps from a seed digest: one LAUNCH.EXTEND a step.
final class ChainCase {
    /// Where these files have VMSAs measured (their conventions, `gpa_vmsa`).
    static final long VMSA_GPA = 0xFFFF_FFFF_F000L;
    static final int NORMAL = 1;
    static final int VMSA = 2;

    private static final Map<String, Long> TYPES = Map.of("NORMAL", 1L, "VMSA", 2L, "ZERO", 3L, "UNMEASURED", 4L,
            "SECRETS", 5L, "CPUID", 6L);
    private static final int PAGE = 4096;
    private static final int DIGEST = 48;
    private static final int PAGE_INFO = 112;

    private final Operations operations;
    private byte[] ld;
    private byte[] imd = new byte[0];

    private ChainCase(Operations operations, byte[] seed) {
        this.operations = operations;
        ld = seed;
    }

    /// Runs a case.
    static void run(Fields fields, Operations operations) {
        ChainCase chain = new ChainCase(operations, fields.bytes("seed"));
        List<JsonNode> steps = fields.list("steps");
        for (int i = 0; i < steps.size(); i++) {
            String place = "step " + (i + 1) + " LAUNCH.EXTEND";
            Fields step = Fields.of(place, steps.get(i));
            chain.step(place, step);
            step.nothingElse();
            if (i == 0 && fields.has("must_not_equal_first_step")) {
                chain.mustDiffer(place, fields.bytes("must_not_equal_first_step"));
            }
        }
        fields.ignore("must_not_equal_first_step");
        for (String name : new String[] {"final_ld", "expected_from_upstream_test"}) {
            if (fields.has(name)) {
                Compare.bytes("", name, fields.bytes(name), chain.ld);
            }
        }
        if (fields.has("imd_final")) {
            Compare.bytes("", "imd_final", fields.bytes("imd_final"), chain.imd);
        }
    }

    /// The digest after one page of data on top of a seed.
    static byte[] extend(Operations operations, byte[] seed, int type, long gpa, byte[] page) {
        Invocation call = operations.call("LAUNCH.EXTEND").in("ld_before", seed).in("page_type", type).in("gpa", gpa)
                .in("pages", 1).in("page_data", page);
        call.invoke();
        return call.outBytes("ld");
    }

    private void mustDiffer(String place, byte[] wrong) {
        if (Arrays.equals(wrong, ld)) {
            throw new CaseFailure(place + " ld is the one that must_not_equal_first_step names");
        }
    }

    private void step(String place, Fields step) {
        Invocation call = operations.call("LAUNCH.EXTEND").in("ld_before", ld).in("imd_before", imd)
                .in("page_type", type(step)).in("gpa", step.number("gpa")).in("imi", step.flag("imi", false) ? 1 : 0)
                .in("rmp_page_size", pageSize(step));
        masks(step, call);
        byte[] data = step.has("data") ? DataSpec.bytes("data", step.node("data")) : new byte[0];
        call.in("page_data", data).in("pages", pages(step, data.length));
        if (!step.has("data") && (type(step) == NORMAL || type(step) == VMSA)) {
            call.in("page_contents", step.bytes("contents"));
        }
        call.invoke();
        ld = call.outBytes("ld");
        imd = call.outBytes("imd");
        compare(place, step, call);
    }

    private static void compare(String place, Fields step, Invocation call) {
        last(place, step, "contents", call.outBytes("contents_each"), DIGEST);
        last(place, step, "page_info", call.outBytes("page_info_each"), PAGE_INFO);
        last(place, step, "ld_after", call.outBytes("ld"), DIGEST);
        last(place, step, "imd_after", call.outBytes("imd"), DIGEST);
        each(place, step, "contents_each", call.outBytes("contents_each"), DIGEST);
        each(place, step, "page_info_each", call.outBytes("page_info_each"), PAGE_INFO);
        each(place, step, "ld_after_each", call.outBytes("ld_each"), DIGEST);
        if (step.has("ld_after_page")) {
            Fields pages = step.fields("ld_after_page");
            for (String page : pages.names()) {
                Compare.bytes(place, "ld_after_page " + page, pages.bytes(page),
                        piece(call.outBytes("ld_each"), number(page) - 1, DIGEST));
            }
        }
    }

    private static void last(String place, Fields step, String name, byte[] all, int size) {
        if (step.has(name)) {
            Compare.bytes(place, name, step.bytes(name), piece(all, all.length / size - 1, size));
        }
    }

    private static void each(String place, Fields step, String name, byte[] all, int size) {
        if (!step.has(name)) {
            return;
        }
        List<JsonNode> expected = step.list(name);
        if (expected.size() != all.length / size) {
            throw CaseFailure.difference(place, name, expected.size() + " pages", all.length / size + " pages");
        }
        for (int i = 0; i < expected.size(); i++) {
            Compare.bytes(place, name + " " + (i + 1), Hex.bytes(name, expected.get(i)), piece(all, i, size));
        }
    }

    private static byte[] piece(byte[] all, long index, int size) {
        if (index < 0 || index >= all.length / size) {
            throw new CaseFailure("there is no page " + (index + 1) + " of " + all.length / size);
        }
        return Arrays.copyOfRange(all, (int) index * size, ((int) index + 1) * size);
    }

    private static long number(String page) {
        try {
            return Long.parseLong(page);
        } catch (NumberFormatException e) {
            throw CaseFailure.unknown("ld_after_page " + page);
        }
    }

    private static long type(Fields step) {
        Long named = step.has("page_type") ? TYPES.get(step.text("page_type")) : null;
        if (step.has("page_type") && named == null) {
            throw CaseFailure.unknown("page_type " + step.text("page_type"));
        }
        if (named == null) {
            return step.number("type_code");
        }
        if (step.number("type_code", named) != named) {
            throw new CaseFailure(
                    "type_code " + step.number("type_code") + " is not page_type " + step.text("page_type"));
        }
        return named;
    }

    private static long pages(Fields step, int dataLength) {
        long length = step.number("len", dataLength);
        if (length % PAGE != 0) {
            throw new CaseFailure("'len' " + length + " is not a multiple of " + PAGE);
        }
        return length / PAGE;
    }

    private static long pageSize(Fields step) {
        String size = step.text("rmp_page_size", "4K");
        return switch (size) {
            case "4K" -> 0;
            case "2M" -> 1;
            default -> throw CaseFailure.unknown("rmp_page_size " + size);
        };
    }

    private static void masks(Fields step, Invocation call) {
        if (!step.has("vmpl_perms")) {
            return;
        }
        Fields masks = step.fields("vmpl_perms");
        for (String vmpl : new String[] {"vmpl1", "vmpl2", "vmpl3"}) {
            call.in(vmpl + "_mask", masks.number(vmpl, 0));
        }
        masks.nothingElse();
    }
}
