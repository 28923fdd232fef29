package org.enclosure.cli.verify.snp;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.enclosure.cli.verify.Cases;
import org.enclosure.cli.verify.VectorAdapter;
import org.enclosure.cli.verify.VectorCase;
import tools.jackson.databind.JsonNode;

/// Translates vectors into operations of the plugin `x86-snp`, and what no operation does (a page state change between guest and host)
/// into calls of its vCPU and its guest driver on a bare platform.
public final class SnpAdapter implements VectorAdapter {
    private static final Set<String> OTHERS = Set.of("codecs", "rmp_scenarios", "psc", "guest_psc_response_checks");

    /// Creates the adapter; no state.
    public SnpAdapter() {
    }

    @Override
    public String architecture() {
        return "x86-snp";
    }

    @Override
    public Set<String> sections() {
        Set<String> sections = new HashSet<>(OTHERS);
        sections.addAll(LaunchSections.NAMES);
        return sections;
    }

    @Override
    public List<VectorCase> cases(String section, JsonNode node, JsonNode document) {
        return switch (section) {
            case "codecs" -> CodecCases.cases(node);
            case "rmp_scenarios" -> Cases.of(section, node, RmpScenario::run);
            case "psc" -> Cases.of(section, node, PscCases::run);
            case "guest_psc_response_checks" -> Cases.of(section, node, GuestCheckCases::run);
            default -> LaunchSections.cases(section, node, document);
        };
    }
}
