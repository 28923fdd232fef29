package org.enclosure.cli.verify.tdx;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPInputStream;

import org.enclosure.cli.script.BareMachine;
import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Invocation;
import org.enclosure.cli.verify.Operations;
import org.enclosure.spi.LaunchItem;
import org.enclosure.spi.LaunchPlanner;
import tools.jackson.databind.JsonNode;

/// A firmware image: its metadata, and its measurement in both orders.
final class TdvfCase {
    private static final int MOST_BYTES = 64 << 20;

    private TdvfCase() {
    }

    static void run(Fields fields, BareMachine machine) {
        Fields image = fields.fields("image");
        byte[] bytes = bytes(image);
        Operations operations = new Operations(machine.operations());
        Invocation descriptor = operations.call("TDVF.DESCRIPTOR").in("image", bytes);
        descriptor.invoke();
        if (image.has("tdvf_descriptor_offset")) {
            Differences.check("", "tdvf_descriptor_offset", image.number("tdvf_descriptor_offset"),
                    descriptor.out("offset"));
        }
        image.nothingElse();
        if (fields.has("sections")) {
            sections(fields.list("sections"), operations, bytes, descriptor.out("count"));
        }
        digest(fields, "mrtd_single_pass", "one-pass", machine, bytes);
        digest(fields, "mrtd_two_pass_per_section", "two-pass", machine, bytes);
    }

    private static byte[] bytes(Fields image) {
        byte[] bytes;
        try (GZIPInputStream unpacked = new GZIPInputStream(
                new ByteArrayInputStream(Base64.getDecoder().decode(image.text("gzip_base64"))))) {
            bytes = unpacked.readNBytes(MOST_BYTES);
        } catch (IOException | IllegalArgumentException e) {
            throw new CaseFailure("'gzip_base64' cannot be unpacked: " + e.getMessage());
        }
        if (image.has("size")) {
            Differences.check("", "size", image.number("size"), bytes.length);
        }
        if (image.has("sha256")) {
            Differences.check("", "sha256", HexFormat.of().formatHex(image.bytes("sha256")), Sha256.hex(bytes));
        }
        return bytes;
    }

    private static void sections(List<JsonNode> expected, Operations operations, byte[] bytes, long count) {
        Differences.check("", "number of sections", expected.size(), count);
        for (int i = 0; i < expected.size(); i++) {
            Fields section = Fields.of("section " + i, expected.get(i));
            Invocation actual = operations.call("TDVF.SECTION").in("image", bytes).in("index", i);
            actual.invoke();
            for (String name : section.names()) {
                Differences.check("section " + i, name, section.number(name), actual.out(name));
            }
        }
    }

    private static void digest(Fields fields, String name, String order, BareMachine machine, byte[] bytes) {
        if (!fields.has(name)) {
            return;
        }
        LaunchPlanner planner = machine.platform().launchPlanner();
        Map<String, String> options = Map.of("layout", "tdvf", "page-add-order", order);
        MemorySegment image = MemorySegment.ofArray(bytes);
        try {
            List<LaunchItem> items = planner.plan(image, options);
            Differences.check("", name, HexFormat.of().formatHex(fields.bytes(name)),
                    planner.measure(items, image, options).digest());
        } catch (IllegalArgumentException refused) {
            throw new CaseFailure(name + ": " + refused.getMessage());
        }
    }
}
