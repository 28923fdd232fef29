package org.enclosure.cli.verify.snp;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Invocation;
import org.enclosure.cli.verify.Numbers;
import org.enclosure.cli.verify.Operations;
import org.enclosure.spi.Operation.StatusName;
import tools.jackson.databind.JsonNode;

/// What firmware images say, and whole launches of them.
final class FirmwareCases {
    private static final Map<String, Long> MODES = Map.of("SEV_SNP", 0L, "SEV_ES", 1L, "SEV", 2L);
    private static final Map<String, Long> VMMS = Map.of("QEMU", 0L, "qemu", 0L, "ec2", 1L, "EC2", 1L, "gce", 2L, "GCE",
            2L);
    private static final String PARSE = "FIRMWARE.PARSE";
    private static final String MEASURE = "LAUNCH.MEASURE";
    private static final int SECTION = 24;
    private static final int HAS_RESET_BLOCK = 2;
    private static final int HAS_HASHES_TABLE = 4;

    private FirmwareCases() {
    }

    /// Runs a case of `firmware_images`.
    static void parse(Fields fields, Operations operations) {
        byte[] image = DataSpec.bytes("image", fields.node("image"));
        Invocation call = operations.call(PARSE).in("firmware", image);
        long status = call.invoke();
        if (status != 0) {
            throw CaseFailure.difference(PARSE, "status", "SUCCESS", name(call, status));
        }
        number("size", fields.number("size", image.length), image.length);
        number("gpa", fields.number("gpa", call.out("firmware_gpa")), call.out("firmware_gpa"));
        if (fields.has("sha256")) {
            Compare.bytes(PARSE, "sha256", fields.bytes("sha256"), call.outBytes("firmware_sha256"));
        }
        Fields expected = fields.fields("expected_parse");
        if (expected.has("sections")) {
            sections(expected.list("sections"), call.outBytes("sections"));
        }
        address(expected, "sev_es_reset_eip", call, HAS_RESET_BLOCK, "reset_eip");
        address(expected, "sev_hashes_table_gpa", call, HAS_HASHES_TABLE, "hashes_gpa");
        expected.nothingElse();
    }

    private static void sections(List<JsonNode> expected, byte[] bytes) {
        ByteBuffer found = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        number("sections", expected.size(), bytes.length / SECTION);
        List<String> names = new ArrayList<>(List.of("gpa", "size", "type"));
        for (int i = 0; i < expected.size(); i++) {
            Fields section = Fields.of("section " + (i + 1), expected.get(i));
            for (String name : names) {
                number("section " + (i + 1) + " " + name, section.number(name), found.getLong());
            }
            section.nothingElse();
        }
    }

    private static void address(Fields expected, String name, Invocation call, int bit, String output) {
        if (!expected.has(name)) {
            return;
        }
        boolean isFound = (call.out("found") & bit) != 0;
        String actual = isFound ? Numbers.show(call.out(output)) : "null";
        String wanted = expected.node(name).isNull() ? "null" : Numbers.show(expected.number(name));
        if (!wanted.equals(actual)) {
            throw CaseFailure.difference(PARSE, name, wanted, actual);
        }
    }

    private static void number(String name, long expected, long actual) {
        if (expected != actual) {
            throw CaseFailure.difference(PARSE, name, Numbers.show(expected), Numbers.show(actual));
        }
    }

    /// Runs a case of `end_to_end`. A refusal passes with any reason: the text in the file is another tool's.
    static void launch(Fields fields, Operations operations, JsonNode document) {
        Invocation call = operations.call(MEASURE).in("firmware", image(fields.text("firmware"), document))
                .in("mode", one(MODES, "mode", fields.text("mode", "SEV_SNP"))).in("vcpus", fields.number("vcpus", 1))
                .in("vcpu_sig", fields.number("vcpu_sig", 0)).in("sev_features", fields.number("guest_features", 0))
                .in("vmm", vmm(fields)).in("has_kernel", fields.has("kernel") ? 1 : 0)
                .in("kernel", data(fields, "kernel")).in("initrd", data(fields, "initrd"))
                .in("append", append(fields));
        long status = call.invoke();
        if (fields.has("error")) {
            fields.text("error");
            if (status == 0) {
                throw CaseFailure.difference(MEASURE, "status", "a refusal", "SUCCESS");
            }
        } else if (status != 0) {
            throw CaseFailure.difference(MEASURE, "status", "SUCCESS", name(call, status));
        } else {
            Compare.bytes(MEASURE, "digest", fields.bytes("digest"), call.outBytes("digest"));
        }
    }

    /// The number of a VMM's name.
    static long vmm(Fields fields) {
        return one(VMMS, "vmm", fields.text("vmm", "QEMU"));
    }

    /// The bytes of a member, none if it is absent.
    static byte[] data(Fields fields, String name) {
        JsonNode node = fields.optional(name);
        return node == null || node.isNull() ? new byte[0] : DataSpec.bytes(name, node);
    }

    /// The bytes of the command line, none if it is absent.
    static byte[] append(Fields fields) {
        JsonNode node = fields.optional("append");
        return node == null || node.isNull() ? new byte[0] : fields.text("append").getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] image(String id, JsonNode document) {
        for (JsonNode image : document.path("firmware_images")) {
            if (image.path("id").isString() && image.path("id").stringValue().equals(id)) {
                return DataSpec.bytes("image", image.path("image"));
            }
        }
        throw CaseFailure.unknown("firmware " + id);
    }

    private static long one(Map<String, Long> numbers, String name, String value) {
        Long number = numbers.get(value);
        if (number == null) {
            throw CaseFailure.unknown(name + " " + value);
        }
        return number;
    }

    private static String name(Invocation call, long status) {
        return call.operation().statuses().stream().filter(one -> one.value() == status).map(StatusName::name)
                .findFirst().orElse(Numbers.show(status));
    }
}
