package org.enclosure.cli.verify.cca;

import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Invocation;
import org.enclosure.cli.verify.Numbers;
import tools.jackson.databind.JsonNode;

/// A realm that is measured step by step. The files name no granules and no tables: there is a table of pages below every
/// address that a step names, and the start level is free.
final class RimCase {
    private static final long GRANULE = 4096;
    private static final long TABLE = GRANULE << 9;
    private static final long PAGE_LEVEL = 3;
    private static final int AUX = 16;
    private static final int PARAMS = 0;
    private static final int SOURCE = 1;
    private static final int FIRST_FREE = 32;
    private static final int ERROR_RTT = 4;

    private final CcaCalls calls;
    private final long base;
    private long free;
    private long rd;
    private long startLevel;

    RimCase(CcaCalls calls, long base) {
        this.calls = calls;
        this.base = base;
        free = base + FIRST_FREE * GRANULE;
    }

    void run(Fields fields) {
        List<JsonNode> expected = fields.list("rim_after");
        List<JsonNode> steps = fields.list("ops");
        fields.ignore("algo");
        create(fields.fields("realm"));
        measured("after REALM_CREATE", expected, 0);
        for (int i = 0; i < steps.size(); i++) {
            Fields step = Fields.of("op " + i, steps.get(i));
            switch (step.text("op")) {
                case "DATA" -> data(step);
                case "REC" -> rec(step);
                case "INIT_RIPAS" -> ripas(step);
                default -> throw CaseFailure.unknown(step.text("op"));
            }
            step.nothingElse();
            measured("after op " + i + " " + step.text("op"), expected, i + 1);
        }
        if (expected.size() != steps.size() + 1) {
            throw new CaseFailure("rim_after has " + expected.size() + " digests for " + steps.size() + " ops");
        }
    }

    private void create(Fields realm) {
        Invocation start = calls.call("PARAMS.START_LEVEL").in("s2sz", realm.number("s2sz"));
        start.invoke();
        startLevel = start.out("level");
        long tables = start.out("tables");
        // Tables side by side lie at a multiple of their total size.
        free = base + (FIRST_FREE + tables) / tables * tables * GRANULE;
        long root = free;
        for (long i = 0; i < tables; i++) {
            granule();
        }
        rd = granule();
        Invocation params = calls.realmParams(realm).in("rtt_base", root).in("rtt_level_start", startLevel)
                .in("rtt_num_start", tables).in("vmid", 1);
        calls.write(page(PARAMS), params);
        smc("RMI_REALM_CREATE", rd, page(PARAMS));
    }

    private void data(Fields step) {
        long ipa = step.number("ipa");
        tables(ipa);
        calls.call("HOST.ZERO").in("addr", page(SOURCE)).invoke();
        calls.call("HOST.WRITE").in("addr", page(SOURCE)).in("bytes", step.bytes("page_prefix_hex")).invoke();
        smc("RMI_DATA_CREATE", rd, granule(), ipa, page(SOURCE), step.number("flags"));
    }

    private void rec(Fields step) {
        Invocation params = calls.call("PARAMS.REC").in("flags", step.number("flags"))
                .in("mpidr", step.number("mpidr")).in("pc", step.number("pc")).in("num_aux", AUX);
        CcaCalls.numbered(params, "gpr", CcaCalls.numbers(step, "gprs"));
        List<Long> aux = new ArrayList<>();
        for (int i = 0; i < AUX; i++) {
            aux.add(granule());
        }
        CcaCalls.numbered(params, "aux", aux);
        calls.write(page(PARAMS), params);
        smc("RMI_REC_CREATE", rd, granule(), page(PARAMS));
    }

    private void ripas(Fields step) {
        long from = step.number("base");
        long to = step.number("top");
        for (long at = from; at < to; at += TABLE - at % TABLE) {
            tables(at);
        }
        long[] x = smc("RMI_RTT_INIT_RIPAS", rd, from, to);
        if (step.has("out_top")) {
            Scenario.same("RMI_RTT_INIT_RIPAS", "x1", step.number("out_top"), x[1]);
        }
        if (step.has("descriptors")) {
            for (JsonNode descriptor : step.list("descriptors")) {
                long[] entry = smc("RMI_RTT_READ_ENTRY", rd, Numbers.parse("descriptors", descriptor.path(0)),
                        PAGE_LEVEL);
                Scenario.same("descriptor " + descriptor, "ripas", 1, entry[4]);
            }
        }
    }

    /// Builds the tables down to the pages around an address, where there are none yet.
    private void tables(long ipa) {
        long size = GRANULE;
        List<Long> sizes = new ArrayList<>();
        for (long level = PAGE_LEVEL; level > startLevel; level--) {
            size <<= 9;
            sizes.addFirst(size);
        }
        long level = startLevel + 1;
        for (long span : sizes) {
            long table = granule();
            long[] x = calls.smc("RMI_RTT_CREATE", List.of(rd, table, ipa - ipa % span, level));
            level++;
            if (x[0] != 0 && (x[0] & 0xff) != ERROR_RTT) {
                throw CaseFailure.difference("RMI_RTT_CREATE", "x0", "0x0", Numbers.show(x[0]));
            }
        }
    }

    private void measured(String place, List<JsonNode> expected, int index) {
        Invocation read = calls.call("STATE.MEASUREMENT").in("rd", rd).in("slot", 0);
        read.invoke();
        String actual = HexFormat.of().formatHex(read.outBytes("bytes"));
        String wanted = index < expected.size() ? expected.get(index).asString() : "none";
        if (!wanted.equals(actual)) {
            throw CaseFailure.difference(place, "rim", wanted, actual);
        }
    }

    private long[] smc(String command, Long... arguments) {
        long[] x = calls.smc(command, List.of(arguments));
        Scenario.same(command, "x0", 0, x[0]);
        return x;
    }

    private long granule() {
        long granule = free;
        free += GRANULE;
        smc("RMI_GRANULE_DELEGATE", granule);
        return granule;
    }

    private long page(int number) {
        return base + number * GRANULE;
    }
}
