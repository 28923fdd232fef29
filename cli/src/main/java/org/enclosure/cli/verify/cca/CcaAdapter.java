package org.enclosure.cli.verify.cca;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.cli.script.MachineOptions;
import org.enclosure.cli.verify.CaseFailure;
import org.enclosure.cli.verify.Cases;
import org.enclosure.cli.verify.Fields;
import org.enclosure.cli.verify.VectorAdapter;
import org.enclosure.cli.verify.VectorCase;
import tools.jackson.databind.JsonNode;

/// The adapter of `cca`.
public final class CcaAdapter implements VectorAdapter {
    private static final String RIM = "rim";
    private static final Set<String> SECTIONS = Set.of(RIM, "cca_scenarios", "cca_fuzz");
    private static final long GRANULE = 4096;
    private static final long DEFAULT_BASE = 0x8000_0000L;
    private static final long DEFAULT_GRANULES = 16384;

    /// Creates the adapter; no state.
    public CcaAdapter() {
    }

    @Override
    public String architecture() {
        return "cca";
    }

    @Override
    public Set<String> sections() {
        return SECTIONS;
    }

    @Override
    public List<VectorCase> cases(String section, JsonNode node, JsonNode document) {
        return Cases.of(section, node, (fields, machines) -> {
            CcaCalls calls = new CcaCalls(machines.open(machine(document)).operations());
            if (section.equals(RIM)) {
                new RimCase(calls, base(document)).run(fields);
            } else {
                new Scenario(calls).run(fields);
            }
        });
    }

    /// Where the memory lies and how much there is; what else the file says of the machine, its steps show.
    private static MachineOptions machine(JsonNode document) {
        Fields platform = platform(document);
        if (platform.number("granule_size", GRANULE) != GRANULE) {
            throw new CaseFailure("platform granule_size " + platform.number("granule_size") + " is not 4096");
        }
        return new MachineOptions(platform.number("granules", DEFAULT_GRANULES) * GRANULE, base(document), Map.of());
    }

    private static long base(JsonNode document) {
        return platform(document).number("dram_base", DEFAULT_BASE);
    }

    private static Fields platform(JsonNode document) {
        return Fields.of("platform", document.has("platform") ? document.get("platform")
                : tools.jackson.databind.node.JsonNodeFactory.instance.objectNode());
    }
}
