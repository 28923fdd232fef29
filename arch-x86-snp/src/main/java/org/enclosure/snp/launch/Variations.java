package org.enclosure.snp.launch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;

import org.enclosure.spi.LaunchVariation;
import org.jspecify.annotations.Nullable;

/// The inputs that people get wrong, the most likely first: one of them, then two together.
///
/// The kernel's files are hashed once; the variations hand the table on.
final class Variations {
    /// SEV_FEATURES, bits that a VMM or a processor may set (AMD64 Architecture Programmer's Manual volume 2, appendix B).
    private static final String[] FEATURES = {"SNPActive", "vTOM", "ReflectVC", "RestrictedInjection",
            "AlternateInjection", "DebugVirtualization", "PreventHostIBS", "BTBIsolation", "VmplSSS", "SecureTSC",
            "VmgexitParameter", "PmcVirtualization", "IbsVirtualization", "bit 13", "VmsaRegProt", "SmtProtection",
            "SecureAVIC", "bit 17"};
    private static final int DEBUG_VIRTUALIZATION = 5;
    private static final int[] VCPUS = {1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 24, 32, 48, 64, 96, 128, 192, 256};

    private final Map<String, String> options;
    private final LaunchOptions given;
    private final Map<String, String> base;
    private final byte @Nullable [] table;

    /// One change: what differs, and the options that differ, null for those that go.
    private record Change(String text, Map<String, @Nullable String> options) {
        static Change of(String text, String name, @Nullable String value) {
            Map<String, @Nullable String> options = new HashMap<>();
            options.put(name, value);
            return new Change(text, options);
        }
    }

    Variations(Map<String, String> options) {
        this.options = options;
        given = LaunchOptions.parse(options);
        base = new HashMap<>(options);
        table = given.hashTable();
        if (table != null) {
            KernelOptions.NAMES.forEach(base::remove);
            base.put(KernelOptions.TABLE, HexFormat.of().formatHex(table));
        }
    }

    List<LaunchVariation> list() {
        boolean isSev = given.mode() == Mode.SEV;
        boolean isSnp = given.mode() == Mode.SNP;
        List<Change> features = isSnp ? features() : List.of();
        List<Change> signatures = isSev ? List.of() : signatures();
        List<Change> vcpus = isSev ? List.of() : vcpus();
        List<Change> vmms = isSev ? List.of() : vmms();
        List<Change> kernels = kernels();
        List<Change> likely = features.stream().limit(1).toList();
        List<LaunchVariation> all = new ArrayList<>();
        for (List<Change> single : List.of(likely, signatures, kernels, vcpus, vmms, orders(), modes(), features)) {
            for (Change change : single) {
                add(all, change, null);
            }
        }
        pairs(all, likely, signatures);
        pairs(all, likely, vcpus);
        pairs(all, likely, kernels);
        pairs(all, signatures, vcpus);
        pairs(all, signatures, kernels);
        pairs(all, likely, vmms);
        return all;
    }

    private void pairs(List<LaunchVariation> all, List<Change> firsts, List<Change> seconds) {
        for (Change first : firsts) {
            for (Change second : seconds) {
                add(all, first, second);
            }
        }
    }

    private void add(List<LaunchVariation> all, Change first, @Nullable Change second) {
        Map<String, String> changed = new HashMap<>(base);
        apply(changed, first);
        String text = first.text;
        if (second != null) {
            apply(changed, second);
            text += "; " + second.text;
        }
        if (!changed.equals(base) && all.stream().noneMatch(one -> one.options().equals(changed))) {
            all.add(new LaunchVariation(text, changed));
        }
    }

    private static void apply(Map<String, String> changed, Change change) {
        change.options.forEach((name, value) -> {
            if (value == null) {
                changed.remove(name);
            } else {
                changed.put(name, value);
            }
        });
    }

    /// Each known bit set or cleared, the one that differs between kernels first.
    private List<Change> features() {
        List<Change> changes = new ArrayList<>();
        changes.add(feature(DEBUG_VIRTUALIZATION));
        for (int bit = 0; bit < FEATURES.length; bit++) {
            changes.add(feature(bit));
        }
        return changes;
    }

    private Change feature(int bit) {
        long changed = given.features() ^ 1L << bit;
        String text = "guest features are " + hex(changed) + " instead of " + hex(given.features()) + ": "
                + FEATURES[bit] + ((changed >>> bit & 1) != 0 ? " is set" : " is not set");
        return Change.of(text, LaunchOptions.FEATURES, hex(changed));
    }

    private List<Change> signatures() {
        List<Change> changes = new ArrayList<>();
        VcpuType.kinds().forEach((name, signature) -> {
            if (signature != given.signature()) {
                Change change = Change.of("vCPU signature is " + hex(signature) + " (" + name + ") instead of "
                        + hex(given.signature()), LaunchOptions.VCPU_SIG, hex(signature));
                change.options.put(LaunchOptions.VCPU_TYPE, null);
                changes.add(change);
            }
        });
        return changes;
    }

    private List<Change> vcpus() {
        int own = Math.max(given.vcpus(), 1);
        List<Change> changes = new ArrayList<>();
        for (int count : VCPUS) {
            if (count != own) {
                changes.add(Change.of("number of vCPUs is " + count + " instead of " + own, LaunchOptions.VCPUS,
                        Integer.toString(count)));
            }
        }
        return changes;
    }

    private List<Change> vmms() {
        List<Change> changes = new ArrayList<>();
        for (Vmm vmm : Vmm.values()) {
            if (vmm != given.vmm()) {
                changes.add(
                        Change.of("VMM is " + vmm + " instead of " + given.vmm(), LaunchOptions.VMM, vmm.toString()));
            }
        }
        return changes;
    }

    private List<Change> orders() {
        List<Change> changes = new ArrayList<>();
        for (PageOrder order : PageOrder.values()) {
            if (order != PageOrder.VMM && order != given.order().resolve(given.vmm())) {
                changes.add(Change.of("page order is " + order + ": " + order.meaning(), LaunchOptions.ORDER,
                        order.toString()));
            }
        }
        return changes;
    }

    private List<Change> modes() {
        return switch (given.mode()) {
            case SNP -> List.of();
            case SEVES -> List.of(Change.of("mode is sev instead of seves", LaunchOptions.MODE, "sev"));
            case SEV -> List.of(Change.of("mode is seves instead of sev", LaunchOptions.MODE, "seves"));
        };
    }

    private List<Change> kernels() {
        if (table == null) {
            return List.of();
        }
        List<Change> changes = new ArrayList<>();
        changes.add(Change.of("no kernel hashes", KernelOptions.TABLE, null));
        String append = options.getOrDefault(KernelOptions.APPEND, "");
        addAppend(changes, table, "the command line ends with a newline", append + "\n");
        addAppend(changes, table, "the command line ends with a NUL of its own", append + "\0");
        addAppend(changes, table, "the command line ends with a space", append + " ");
        addAppend(changes, table, "the command line has no spaces at its ends", append.strip());
        addAppend(changes, table, "the command line is empty", "");
        changes.add(kernel("no initrd", HashTable.withoutInitrd(table)));
        return changes;
    }

    private static void addAppend(List<Change> changes, byte[] table, String text, String append) {
        changes.add(kernel(text, HashTable.withCommandLine(table, append.getBytes(StandardCharsets.UTF_8))));
    }

    private static Change kernel(String text, byte[] table) {
        return Change.of(text, KernelOptions.TABLE, HexFormat.of().formatHex(table));
    }

    private static String hex(long value) {
        return "0x" + Long.toHexString(value);
    }
}
