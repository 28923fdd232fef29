package org.enclosure.cli.verify.snp;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;

import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.CaseSkipped;
import org.enclosure.cli.verify.Cases;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Invocation;
import org.enclosure.cli.verify.Machines;
import org.enclosure.cli.verify.Numbers;
import org.enclosure.cli.verify.Operations;
import org.enclosure.cli.verify.VectorCase;
import tools.jackson.databind.JsonNode;

/// The sections about launch measurement.
final class LaunchSections {
    /// Their names.
    static final Set<String> NAMES = Set.of("launch_chains", "upstream_tests", "upstream_other",
            "upstream_ec2_disagreement", "vmsa", "sev_hashes", "firmware_images", "end_to_end",
            "upstream_needs_repo_binary");

    private static final String LD_NORMAL_AT = "ld_normal_at_";
    private static final int DIGEST = 48;

    private LaunchSections() {
    }

    /// The cases of one of them.
    static List<VectorCase> cases(String section, JsonNode node, JsonNode document) {
        if (section.equals("upstream_needs_repo_binary")) {
            return Cases.of(section, node, "test", LaunchSections::skip);
        }
        return Cases.of(section, node, switch (section) {
            case "upstream_ec2_disagreement" -> (fields, machines) -> seeded(fields, Open.machine(machines));
            case "vmsa" -> (fields, machines) -> vmsa(fields, Open.machine(machines));
            case "sev_hashes" -> (fields, machines) -> hashes(fields, Open.machine(machines));
            case "firmware_images" -> (fields, machines) -> FirmwareCases.parse(fields, Open.machine(machines));
            case "end_to_end" -> (fields, machines) -> FirmwareCases.launch(fields, Open.machine(machines), document);
            default -> (fields, machines) -> ChainCase.run(fields, Open.machine(machines));
        });
    }

    private static void skip(Fields fields, Machines machines) {
        fields.ignore("expected");
        throw new CaseSkipped("needs " + fields.text("needs"));
    }

    /// One VMSA on top of a seed; the features that the case names are in the page already.
    private static void seeded(Fields fields, Operations operations) {
        fields.ignore("sev_features");
        byte[] ld = ChainCase.extend(operations, fields.bytes("seed_ld"), ChainCase.VMSA, ChainCase.VMSA_GPA,
                DataSpec.bytes("vmsa", fields.node("vmsa")));
        Compare.bytes("LAUNCH.EXTEND", "ld_after", fields.bytes("ld_after"), ld);
    }

    private static void vmsa(Fields fields, Operations operations) {
        if (fields.has("cpu")) {
            processor(fields.text("cpu"), fields.number("vcpu_sig"), operations);
        }
        Invocation call = operations.call("VMSA.BUILD").in("vmsa_layout", layout(fields))
                .in("vmm", FirmwareCases.vmm(fields))
                .in("vcpu_sig", fields.number("vcpu_sig")).in("eip", fields.number("eip"))
                .in("sev_features", fields.number("sev_features"));
        call.invoke();
        byte[] page = call.outBytes("vmsa");
        if (fields.has("page")) {
            Compare.bytes("VMSA.BUILD", "page", DataSpec.bytes("page", fields.node("page")), page);
        }
        if (fields.has("page_sha384")) {
            Compare.bytes("VMSA.BUILD", "page_sha384", fields.bytes("page_sha384"), call.outBytes("vmsa_sha384"));
        }
        if (fields.has("ld_from_zero_seed")) {
            Compare.bytes("LAUNCH.EXTEND", "ld_from_zero_seed", fields.bytes("ld_from_zero_seed"), ChainCase
                    .extend(operations, new byte[DIGEST], ChainCase.VMSA, ChainCase.VMSA_GPA, page));
        }
    }

    private static void processor(String name, long expected, Operations operations) {
        Invocation call = operations.call("VCPU.SIGNATURE").in("vcpu_type", name.getBytes(StandardCharsets.US_ASCII));
        if (call.invoke() != 0) {
            throw CaseFailure.unknown("cpu " + name);
        }
        if (call.out("vcpu_sig") != expected) {
            throw CaseFailure.difference("VCPU.SIGNATURE", "vcpu_sig", Numbers.show(expected),
                    Numbers.show(call.out("vcpu_sig")));
        }
    }

    private static long layout(Fields fields) {
        String layout = fields.text("layout", "ovmf");
        return switch (layout) {
            case "ovmf" -> 0;
            case "svsm" -> 1;
            default -> throw CaseFailure.unknown("layout " + layout);
        };
    }

    private static void hashes(Fields fields, Operations operations) {
        Invocation call = operations.call("HASHES.BUILD").in("kernel", FirmwareCases.data(fields, "kernel"))
                .in("initrd", FirmwareCases.data(fields, "initrd")).in("append", FirmwareCases.append(fields))
                .in("offset", fields.number("offset_in_page", 0));
        call.invoke();
        if (fields.has("table")) {
            Compare.bytes("HASHES.BUILD", "table", fields.bytes("table"), call.outBytes("hash_table"));
        }
        if (fields.has("page_sha384")) {
            Compare.bytes("HASHES.BUILD", "page_sha384", fields.bytes("page_sha384"),
                    call.outBytes("hash_page_sha384"));
        }
        for (String name : fields.names()) {
            if (name.startsWith(LD_NORMAL_AT)) {
                long gpa = Numbers.parse(name, name.substring(LD_NORMAL_AT.length()));
                Compare.bytes("LAUNCH.EXTEND", name, fields.bytes(name), ChainCase.extend(operations, new byte[DIGEST],
                        ChainCase.NORMAL, gpa, call.outBytes("hash_page")));
            }
        }
    }
}
