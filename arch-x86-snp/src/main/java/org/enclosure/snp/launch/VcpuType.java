package org.enclosure.snp.launch;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/// The processors that QEMU knows by name and their CPUID signatures (AMD CPUID specification, function 0000_0001 EAX).
public final class VcpuType {
    /// The signature of `EPYC`.
    public static final long EPYC = signature(23, 1, 2);

    private static final Map<String, Long> SIGNATURES = new LinkedHashMap<>();

    static {
        family("EPYC", 5, EPYC);
        SIGNATURES.put("EPYC-IBPB", EPYC);
        family("EPYC-Rome", 5, signature(23, 49, 0));
        family("EPYC-Milan", 3, signature(25, 1, 1));
        family("EPYC-Genoa", 2, signature(25, 17, 0));
        family("EPYC-Turin", 1, signature(26, 0, 0));
    }

    private VcpuType() {
    }

    /// The signature of a type, or null.
    @Nullable
    static Long signatureOf(String name) {
        return SIGNATURES.get(name);
    }

    /// All names.
    static Set<String> names() {
        return SIGNATURES.keySet();
    }

    /// The signatures that differ, each with the shortest name that has it.
    static Map<String, Long> kinds() {
        Map<String, Long> kinds = new LinkedHashMap<>();
        List<Long> seen = new ArrayList<>();
        SIGNATURES.forEach((name, signature) -> {
            if (!seen.contains(signature)) {
                seen.add(signature);
                kinds.put(name, signature);
            }
        });
        return kinds;
    }

    private static void family(String name, int versions, long signature) {
        SIGNATURES.put(name, signature);
        for (int version = 1; version <= versions; version++) {
            SIGNATURES.put(name + "-v" + version, signature);
        }
    }

    /// Base family 15 and extended family; base model in bits 7:4, extended model in 19:16.
    private static long signature(int family, int model, int stepping) {
        return family - 15L << 20 | (model >> 4) << 16 | 15 << 8 | (model & 15) << 4 | stepping;
    }
}
