package org.enclosure.cli.measure;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.cli.DocumentFile;
import org.enclosure.cli.Escape;
import org.enclosure.cli.InputFile;
import org.enclosure.cli.UnusableInput;
import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.Numbers;
import org.enclosure.spi.LaunchItem;
import tools.jackson.databind.JsonNode;

/// The configuration file of a realm: its parameters, and the steps of its launch in measured order.
///
/// ```json
/// {"realm": {"s2sz": 40, "start_level": 1, "hash": "sha-256", "num_bps": 2, "num_wps": 2},
///  "steps": [{"ripas": {"base": "0x0", "top": "0x40000000"}},
///            {"image": {"file": "kernel.bin", "ipa": "0x200000", "measured": true}},
///            {"rec": {"flags": 1, "pc": "0x200000", "gprs": ["0x0"]}}]}
/// ```
///
/// An image is padded with zeroes to whole pages; its file is looked for beside the configuration.
final class CcaConfig implements ConfigReader {
    private static final long PAGE = 4096;
    private static final long LARGEST_IMAGE = 1L << 30;
    private static final int TYPE_DATA = 0;
    private static final int TYPE_REC = 1;
    private static final int TYPE_RIPAS = 2;
    private static final Set<String> REALM = Set.of("s2sz", "start_level", "hash", "flags", "sve_vl", "num_bps",
            "num_wps", "pmu_num_ctrs");

    CcaConfig() {
    }

    @Override
    public String architecture() {
        return "cca";
    }

    @Override
    public LaunchInputs read(Path file, Map<String, String> options) {
        JsonNode root = DocumentFile.read("--config", file);
        try {
            return new Reading(file, options).read(Fields.of("the file", root));
        } catch (CaseFailure | IllegalArgumentException e) {
            throw new UnusableInput("--config " + Escape.quote(file.toString()) + ": "
                    + Escape.visible(String.valueOf(e.getMessage())), e);
        }
    }

    /// One file on its way to inputs.
    private static final class Reading {
        private final Path folder;
        private final Map<String, String> options = new LinkedHashMap<>();
        private final Map<String, String> given;
        private final List<LaunchItem> items = new ArrayList<>();
        private final ByteArrayOutputStream image = new ByteArrayOutputStream();
        private int recs;

        Reading(Path file, Map<String, String> given) {
            Path parent = file.toAbsolutePath().getParent();
            folder = parent == null ? Path.of("/") : parent;
            this.given = given;
        }

        LaunchInputs read(Fields root) {
            realm(root.fields("realm"));
            for (JsonNode node : root.list("steps")) {
                Fields step = Fields.of("a step", node);
                if (step.names().size() != 1) {
                    throw new CaseFailure("a step is one of ripas, image, rec, not " + step.names());
                }
                switch (step.names().getFirst()) {
                    case "ripas" -> ripas(step.fields("ripas"));
                    case "image" -> image(step.fields("image"));
                    case "rec" -> rec(step.fields("rec"));
                    default -> throw CaseFailure.unknown(step.names().getFirst());
                }
            }
            root.nothingElse();
            options.putAll(given);
            return new LaunchInputs(MemorySegment.ofArray(image.toByteArray()), items, options);
        }

        private void realm(Fields realm) {
            for (String name : realm.names()) {
                if (!REALM.contains(name)) {
                    throw CaseFailure.unknown("realm " + name);
                }
                options.put(name.replace('_', '-'),
                        name.equals("hash") ? realm.text(name) : Long.toString(realm.number(name)));
            }
        }

        private void ripas(Fields ripas) {
            long base = ripas.number("base");
            long top = ripas.number("top");
            if (base < 0 || top <= base || (base | top) % PAGE != 0) {
                throw new CaseFailure("ripas base and top are not a range of whole pages");
            }
            ripas.nothingElse();
            items.add(new LaunchItem(LaunchItem.Kind.RANGE, base / PAGE, (top - base) / PAGE, -1, TYPE_RIPAS, 0));
        }

        private void image(Fields part) {
            long ipa = part.number("ipa");
            long flags = part.flag("measured", true) ? 1 : 0;
            if (ipa < 0 || ipa % PAGE != 0) {
                throw new CaseFailure("image ipa 0x" + Long.toHexString(ipa) + " is not a multiple of 4096");
            }
            byte[] bytes = bytes(part.text("file"));
            part.nothingElse();
            for (long at = 0; at < bytes.length; at += PAGE) {
                items.add(new LaunchItem(LaunchItem.Kind.PAGE, (ipa + at) / PAGE, 1, image.size() + at, TYPE_DATA,
                        flags));
            }
            image.writeBytes(bytes);
            image.writeBytes(new byte[(int) (-bytes.length & PAGE - 1)]);
        }

        private byte[] bytes(String name) {
            Path file = folder.resolve(InputFile.path("file", name));
            try {
                if (!Files.isRegularFile(file) || Files.size(file) == 0
                        || Files.size(file) > LARGEST_IMAGE - image.size()) {
                    throw new CaseFailure("file '" + name + "' is not a file of 1 to " + LARGEST_IMAGE + " bytes");
                }
                return Files.readAllBytes(file);
            } catch (IOException e) {
                throw new UnusableInput("file " + Escape.quote(name) + " cannot be read", e);
            }
        }

        private void rec(Fields rec) {
            String prefix = "rec." + recs + ".";
            long flags = rec.number("flags", 1);
            options.put(prefix + "pc", "0x" + Long.toHexString(rec.number("pc", 0)));
            int register = 0;
            for (JsonNode value : rec.has("gprs") ? rec.list("gprs") : List.<JsonNode>of()) {
                long number = Numbers.parse("gprs", value);
                options.put(prefix + "gpr" + register++, "0x" + Long.toHexString(number));
            }
            rec.nothingElse();
            items.add(new LaunchItem(LaunchItem.Kind.RANGE, recs++, 1, -1, TYPE_REC, flags));
        }
    }
}
