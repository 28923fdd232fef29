package org.enclosure.cli.verify.snp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;

import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Cases;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Invocation;
import org.enclosure.cli.verify.Numbers;
import org.enclosure.cli.verify.Operations;
import org.enclosure.cli.verify.VectorCase;
import tools.jackson.databind.JsonNode;

/// Layouts, encoded and decoded.
final class CodecCases {
    private static final Map<String, BiConsumer<Fields, Operations>> KINDS = Map.of("rmp_raw_entry",
            CodecCases::rawEntry, "rmp_state_struct", CodecCases::state, "rmp_geometry", GeometryCases::contiguous,
            "segmented_rmp", GeometryCases::segmented, "ghcb_msr", CodecCases::msr, "psc_entry", CodecCases::pscEntry);
    private static final String FAULT_BITS = "fault_bits";
    private static final List<String> REGISTERS = List.of("EAX", "EBX", "ECX", "EDX");
    private static final Map<String, String> MSR_OPERANDS = Map.of("vmpl", "vmpl_run", "gpa", "ghcb_gpa");
    private static final List<String> MSR_FIELDS = List.of("min", "max", "cbit", "fn", "reg", "val", "gfn", "op",
            "error",
            "vmpl", "features", "set", "reason", "gpa", "result");
    private static final int MSR_INFO = 0xfff;

    private CodecCases() {
    }

    /// The cases of the section `codecs`: the elements of its lists, named by list and name.
    static List<VectorCase> cases(JsonNode codecs) {
        List<VectorCase> cases = new ArrayList<>();
        for (String kind : codecs.propertyNames()) {
            cases.addAll(kind(kind, codecs.path(kind)).stream()
                    .map(one -> new VectorCase(kind + "/" + one.id(), one.body())).toList());
        }
        return cases;
    }

    private static List<VectorCase> kind(String kind, JsonNode node) {
        if (kind.equals(FAULT_BITS)) {
            return Cases.of(kind, node.path("samples"), "what",
                    (fields, machines) -> faultBits(fields, Fields.of(kind, node).fields("bits"),
                            Open.machine(machines)));
        }
        BiConsumer<Fields, Operations> body = KINDS.get(kind);
        if (body == null) {
            return Fields.DESCRIBING.contains(kind) ? List.of() : List.of(Cases.failing(kind, "unknown: " + kind));
        }
        return Cases.of(kind, node, "name", (fields, machines) -> body.accept(fields, Open.machine(machines)));
    }

    private static void rawEntry(Fields fields, Operations operations) {
        Fields entry = fields.fields("fields");
        Invocation encode = operations.call("RMP.ENCODE");
        Invocation decode = operations.call("RMP.DECODE").in("entry_bytes", fields.bytes("bytes_le"));
        decode.invoke();
        List<String> names = List.of("assigned", "immutable", "gpa", "asid", "validated", "lock");
        for (String name : names) {
            both(name, name, entry.number(name, 0), encode, decode);
        }
        both("vmsa", "vmsa_page", entry.number("vmsa", 0), encode, decode);
        both("subpage_count", "sub_pages", entry.number("subpage_count", 0), encode, decode);
        both("page_size", "large", Sizes.large(entry.text("page_size", "4K")), encode, decode);
        permissions(entry, encode, decode);
        entry.nothingElse();
        encode.invoke();
        Compare.number("RMP.ENCODE", "q1", fields.number("q1"), encode.out("lo"));
        Compare.number("RMP.ENCODE", "q2", fields.number("q2"), encode.out("hi"));
        Compare.number("RMP.DECODE", "q1", fields.number("q1"), decode.out("lo"));
        Compare.number("RMP.DECODE", "q2", fields.number("q2"), decode.out("hi"));
        Compare.bytes("RMP.ENCODE", "bytes_le", fields.bytes("bytes_le"), encode.outBytes("entry_bytes"));
        if (fields.has("page_state")) {
            for (Invocation call : List.of(encode, decode)) {
                Compare.text(call.operation().name(), "page_state", stateName(fields.text("page_state")),
                        new String(call.outBytes("state_name"), StandardCharsets.US_ASCII));
            }
        }
    }

    /// A state's name as the plugin has it: these files write it in two ways.
    static String stateName(String name) {
        return name.toUpperCase(Locale.ROOT).replace('-', '_');
    }

    private static void permissions(Fields entry, Invocation encode, Invocation decode) {
        List<JsonNode> masks = entry.has("vmpl_perms") ? entry.list("vmpl_perms") : List.of();
        if (!masks.isEmpty() && masks.size() != 4) {
            throw new CaseFailure("'vmpl_perms' has " + masks.size() + " masks; legal is 4");
        }
        for (int vmpl = 0; vmpl < 4; vmpl++) {
            long mask = masks.isEmpty() ? 0 : Numbers.parse("vmpl_perms", masks.get(vmpl));
            both("vmpl_perms " + vmpl, "perms" + vmpl, mask, encode, decode);
        }
    }

    /// An operand of the one and an output of the other.
    private static void both(String name, String operand, long value, Invocation encode, Invocation decode) {
        encode.in(operand, value);
        Compare.number(decode.operation().name(), name, value, decode.out(operand));
    }

    private static void state(Fields fields, Operations operations) {
        Invocation encode = operations.call("RMP.STATE.ENCODE");
        Invocation decode = operations.call("RMP.STATE.DECODE").in("state_bytes", fields.bytes("bytes_le"));
        decode.invoke();
        for (String name : new String[] {"assigned", "immutable", "gpa", "asid"}) {
            both(name, name, fields.number(name, 0), encode, decode);
        }
        both("region_status_2m", "region_2m", fields.number("region_status_2m", 0), encode, decode);
        both("page_size", "large", Sizes.large(fields.text("page_size", "4K")), encode, decode);
        encode.invoke();
        Compare.bytes("RMP.STATE.ENCODE", "bytes_le", fields.bytes("bytes_le"), encode.outBytes("state_bytes"));
    }

    /// Decoded, compared where the case names a field, and encoded again from what the case names or else was decoded.
    private static void msr(Fields fields, Operations operations) {
        long value = fields.number("value");
        Invocation decode = operations.call("GHCB.MSR.DECODE").in("value", value);
        decode.invoke();
        Compare.number("GHCB.MSR.DECODE", "kind", value & MSR_INFO, decode.out("msr_info"));
        Invocation encode = operations.call("GHCB.MSR.ENCODE").in("msr_info", value & MSR_INFO);
        for (String name : MSR_FIELDS) {
            String operand = MSR_OPERANDS.getOrDefault(name, name);
            long decoded = decode.out(operand);
            long wanted = fields.has(name) ? msrField(name, fields) : decoded;
            Compare.number("GHCB.MSR.DECODE", name, wanted, decoded);
            encode.in(operand, wanted);
        }
        encode.invoke();
        Compare.number("GHCB.MSR.ENCODE", "value", value, encode.out("value"));
    }

    private static long msrField(String name, Fields fields) {
        if (!name.equals("reg")) {
            return fields.number(name);
        }
        int register = REGISTERS.indexOf(fields.text(name));
        if (register < 0) {
            throw CaseFailure.unknown("reg " + fields.text(name));
        }
        return register;
    }

    private static void pscEntry(Fields fields, Operations operations) {
        Fields entry = fields.fields("fields");
        long raw = fields.number("raw");
        Invocation decode = operations.call("PSC.ENTRY.DECODE").in("value", raw);
        decode.invoke();
        Invocation encode = operations.call("PSC.ENTRY.ENCODE");
        both("cur_page", "cur_page", entry.number("cur_page", 0), encode, decode);
        both("gfn", "gfn40", entry.number("gfn", 0), encode, decode);
        both("op", "psc_op", entry.number("op", 0), encode, decode);
        both("huge", "large", entry.number("huge", 0), encode, decode);
        both("rsvd", "rsvd", entry.number("rsvd", 0), encode, decode);
        entry.nothingElse();
        encode.invoke();
        Compare.number("PSC.ENTRY.ENCODE", "raw", raw, encode.out("value"));
    }

    /// The names of the bits that are set have to be those of the file, and each name the number that the file gives.
    private static void faultBits(Fields fields, Fields bits, Operations operations) {
        long value = fields.has("exitinfo1") ? fields.number("exitinfo1") : fields.number("error_code");
        Invocation names = operations.call("FAULT.NAMES").in("value", value);
        names.invoke();
        List<String> found = Arrays
                .asList(new String(names.outBytes("bit_names"), StandardCharsets.US_ASCII).split(" ", -1));
        for (String name : bits.names()) {
            long bit = bits.number(name);
            Invocation number = operations.call("FAULT.BITS").in("bit_name", name.getBytes(StandardCharsets.US_ASCII));
            number.invoke();
            Compare.number("FAULT.BITS", name, bit, number.out("bit_number"));
            Compare.text("FAULT.NAMES", name, Boolean.toString((value >>> bit & 1) != 0),
                    Boolean.toString(found.contains(name)));
        }
    }

    /// Words as the bytes of a table.
    static byte[] table(long[] words) {
        ByteBuffer bytes = ByteBuffer.allocate(words.length * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asLongBuffer().put(words);
        return bytes.array();
    }
}
