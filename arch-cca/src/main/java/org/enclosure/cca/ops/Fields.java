package org.enclosure.cca.ops;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.enclosure.cca.wire.Rmi;
import org.enclosure.spi.Operation.Field;
import org.enclosure.spi.Operation.StatusName;

/// The operands, outputs and statuses that operations share.
final class Fields {
    /// x0 of the host's SMCs.
    static final List<StatusName> RMI = rmi();
    /// What an action of a realm came to.
    static final List<StatusName> STEP = names("DONE", "ABORTED", "EXIT_AGAIN", "PROTECTION_FAULT", "UNDEFINED",
            "EXIT_PENDING", "EXIT_DONE");
    /// What a host access met.
    static final List<StatusName> HOST = names("OK", "GPF");
    /// What EL3 answers.
    static final List<StatusName> EL3 = List.of(new StatusName("E_RMM_OK", 0), new StatusName("E_RMM_BAD_ADDR", -2),
            new StatusName("E_RMM_BAD_PAS", -3));

    private static final Map<String, Field> ALL = new HashMap<>();

    static {
        field("requested", 64, "version that the caller wants, 0x10000 for 1.0");
        field("index", 64, "number of a feature register");
        field("addr", 64, "physical address");
        field("rd", 64, "realm descriptor");
        field("rec", 64, "realm execution context");
        field("run", 64, "run page");
        field("params", 64, "page with parameters");
        field("data", 64, "granule that becomes a page");
        field("src", 64, "page with the content");
        field("rtt", 64, "granule that becomes a table");
        field("ipa", 64, "intermediate physical address");
        field("level", 64, "level of a table or entry, 0 to 3");
        field("desc", 64, "host part of a descriptor: address, S2AP, MemAttr");
        field("base", 64, "first IPA");
        field("top", 64, "one behind the last IPA");
        field("calling", 64, "REC that made the power call");
        field("target", 64, "REC that the call is about");
        field("status", 64, "PSCI return code of the host");
        field("reason", 64, "exit reason: 0 SYNC, 1 IRQ, 2 FIQ, 3 PSCI, 4 RIPAS_CHANGE, 5 HOST_CALL, 6 SERROR");
        field("running", 1, "1 if the REC runs now");
        field("event", 8,
                "what the entry completed: 0 nothing, 1 abort injected, 2 left again, 7 emulated, 8 SMC ended");
        field("value", 64, "8 bytes");
        field("pas", 4, "address space: 0 none, 8 secure, 9 non-secure, 10 root, 11 realm, 15 any");
        field("esr", 64, "exception syndrome");
        field("far", 64, "fault address");
        field("hpfar", 64, "faulting IPA");
        field("fid", 64, "function identifier");
        field("bytes", 0, "bytes");
        field("slot", 64, "measurement: 0 RIM, 1 to 4 REM");
        field("state", 8, "0 NS, 1 DELEGATED, 2 RD, 3 REC, 4 REC_AUX, 5 DATA, 6 RTT");
        field("refcount", 16, "references");
        field("all_zero", 1, "1 if all bytes are zero");
        field("flags", 64, "flags");
        field("s2sz", 32, "width of the IPA space");
        field("sve_vl", 32, "SVE vector length");
        field("num_bps", 32, "breakpoints");
        field("num_wps", 32, "watchpoints");
        field("pmu_num_ctrs", 32, "PMU counters");
        field("hash", 8, "0 SHA-256, 1 SHA-512");
        field("rpv", 0, "personalisation value, at most 64 bytes");
        field("vmid", 16, "VMID");
        field("rtt_base", 64, "first start-level table");
        field("rtt_level_start", 64, "start level, signed");
        field("rtt_num_start", 32, "number of start-level tables");
        field("tables", 32, "number of start-level tables");
        field("mpidr", 64, "MPIDR");
        field("pc", 64, "program counter");
        field("num_aux", 64, "number of auxiliary granules");
        field("ripas_base", 64, "base of a RIPAS change");
        field("ripas_top", 64, "top of a RIPAS change");
        field("ripas_value", 8, "wanted RIPAS");
        field("imm", 16, "immediate of a host call");
    }

    private Fields() {
    }

    /// The fields of names that blanks separate; `x`, `a`, `gpr` and `aux` with a number are registers.
    static List<Field> of(String names) {
        List<Field> fields = new ArrayList<>();
        for (String name : names.isEmpty() ? new String[0] : names.split(" ", -1)) {
            Field field = ALL.get(name);
            fields.add(field != null ? field : new Field(name, 64, "register or list element " + name));
        }
        return fields;
    }

    /// `prefix0 prefix1 ...`.
    static String numbered(String prefix, int count) {
        StringBuilder names = new StringBuilder();
        for (int i = 0; i < count; i++) {
            names.append(i == 0 ? "" : " ").append(prefix).append(i);
        }
        return names.toString();
    }

    private static void field(String name, int bits, String meaning) {
        ALL.put(name, new Field(name, bits, meaning));
    }

    private static List<StatusName> names(String... names) {
        List<StatusName> statuses = new ArrayList<>();
        for (int i = 0; i < names.length; i++) {
            statuses.add(new StatusName(names[i], i));
        }
        return statuses;
    }

    private static List<StatusName> rmi() {
        List<StatusName> statuses = new ArrayList<>(
                names("RMI_SUCCESS", "RMI_ERROR_INPUT", "RMI_ERROR_REALM", "RMI_ERROR_REC"));
        for (int level = 0; level <= 3; level++) {
            statuses.add(new StatusName("RMI_ERROR_RTT_" + level, Rmi.rtt(level)));
        }
        statuses.add(new StatusName("RMI_SYSTEM_OFF", Rmi.SYSTEM_OFF));
        statuses.add(new StatusName("SMC_NOT_SUPPORTED", Rmi.NOT_SUPPORTED));
        statuses.add(new StatusName("CONTENDED", Rmi.CONTENDED));
        return statuses;
    }
}
