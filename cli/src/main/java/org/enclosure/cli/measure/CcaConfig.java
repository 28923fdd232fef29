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

import org.enclosure.cli.DocumentFile;
import org.enclosure.cli.Escape;
import org.enclosure.cli.InputFile;
import org.enclosure.cli.Members;
import org.enclosure.cli.UnusableInput;
import org.enclosure.cli.Value;
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
    private static final List<String> REALM = List.of("s2sz", "start_level", "hash", "flags", "sve_vl", "num_bps",
            "num_wps", "pmu_num_ctrs");

    CcaConfig() {
    }

    @Override
    public String architecture() {
        return "cca";
    }

    @Override
    public LaunchInputs read(Path file, Map<String, String> options) {
        if (options.containsKey("vcpus")) {
            throw new UnusableInput("--config and --vcpus exclude each other: the steps of the file name the RECs");
        }
        Members root = Members.of("--config " + Escape.quote(file.toString()), DocumentFile.read("--config", file));
        return new Reading(file).read(root, options);
    }

    /// One file on its way to inputs.
    private static final class Reading {
        private final Path folder;
        private final Map<String, String> options = new LinkedHashMap<>();
        private final List<LaunchItem> items = new ArrayList<>();
        private final ByteArrayOutputStream image = new ByteArrayOutputStream();
        private int recs;

        Reading(Path file) {
            Path parent = file.toAbsolutePath().getParent();
            folder = parent == null ? Path.of("/") : parent;
        }

        LaunchInputs read(Members root, Map<String, String> given) {
            realm(Members.of("realm", root.required("realm")));
            root.required("steps");
            int number = 0;
            for (JsonNode node : root.list("steps")) {
                step("step " + ++number, node);
            }
            root.nothingElse();
            options.putAll(given);
            return new LaunchInputs(MemorySegment.ofArray(image.toByteArray()), items, options);
        }

        private void realm(Members realm) {
            for (String name : REALM) {
                JsonNode member = realm.optional(name);
                if (member != null) {
                    options.put(name.replace('_', '-'), Value.of("realm." + name, member).text());
                }
            }
            realm.nothingElse();
        }

        private void step(String place, JsonNode node) {
            String kind = node.isObject() && node.size() == 1 ? node.propertyNames().iterator().next() : "";
            switch (kind) {
                case "ripas" -> ripas(place, Members.of(place + ".ripas", node.path(kind)));
                case "image" -> image(place, Members.of(place + ".image", node.path(kind)));
                case "rec" -> rec(Members.of(place + ".rec", node.path(kind)));
                default -> throw new UnusableInput(place + " is not an object with one member: ripas, image or rec");
            }
        }

        private void ripas(String place, Members ripas) {
            long base = ripas.number("base");
            long top = ripas.number("top");
            if (base < 0 || top <= base || (base | top) % PAGE != 0) {
                throw new UnusableInput(place + ".ripas: base 0x" + Long.toHexString(base) + " and top 0x"
                        + Long.toHexString(top) + " are not a range of whole pages");
            }
            ripas.nothingElse();
            items.add(new LaunchItem(LaunchItem.Kind.RANGE, base / PAGE, (top - base) / PAGE, -1, TYPE_RIPAS, 0));
        }

        private void image(String place, Members part) {
            long ipa = part.number("ipa");
            long flags = part.flag("measured", true) ? 1 : 0;
            if (ipa < 0 || ipa % PAGE != 0) {
                throw new UnusableInput(
                        place + ".image.ipa 0x" + Long.toHexString(ipa) + " is not a multiple of 4096 below 2^63");
            }
            byte[] bytes = bytes(place + ".image.file", part.text("file"));
            part.nothingElse();
            for (long at = 0; at < bytes.length; at += PAGE) {
                items.add(new LaunchItem(LaunchItem.Kind.PAGE, (ipa + at) / PAGE, 1, image.size() + at, TYPE_DATA,
                        flags));
            }
            image.writeBytes(bytes);
            image.writeBytes(new byte[(int) (-bytes.length & PAGE - 1)]);
        }

        private byte[] bytes(String place, String name) {
            Path file = folder.resolve(InputFile.path(place, name));
            try {
                if (!Files.isRegularFile(file) || Files.size(file) == 0
                        || Files.size(file) > LARGEST_IMAGE - image.size()) {
                    throw new UnusableInput(place + " " + Escape.quote(name) + " is not a file of 1 to "
                            + (LARGEST_IMAGE - image.size()) + " bytes");
                }
                return Files.readAllBytes(file);
            } catch (IOException e) {
                throw new UnusableInput(
                        place + " " + Escape.quote(name) + " cannot be read: " + InputFile.reason(e), e);
            }
        }

        private void rec(Members rec) {
            String prefix = "rec." + recs + ".";
            long flags = rec.number("flags", 1);
            options.put(prefix + "pc", "0x" + Long.toHexString(rec.number("pc", 0)));
            int register = 0;
            for (JsonNode node : rec.list("gprs")) {
                String name = prefix + "gpr" + register++;
                options.put(name, "0x" + Long.toHexString(Value.of(name, node).pattern(name)));
            }
            rec.nothingElse();
            items.add(new LaunchItem(LaunchItem.Kind.RANGE, recs++, 1, -1, TYPE_REC, flags));
        }
    }
}
