package org.enclosure.cli.verify.pkvm;

import java.util.List;
import java.util.Set;

import org.enclosure.cli.verify.Cases;
import org.enclosure.cli.verify.VectorAdapter;
import org.enclosure.cli.verify.VectorCase;
import tools.jackson.databind.JsonNode;

/// The sections of arm64 pKVM.
public final class PkvmAdapter implements VectorAdapter {
    private static final String OWNERSHIP = "pkvm_ownership_selftest";
    private static final String CALLS = "pkvm_guest_hvc";
    private static final String SEQUENCES = "pkvm_sequences";

    /// Creates the adapter; no state.
    public PkvmAdapter() {
    }

    @Override
    public String architecture() {
        return "arm64-pkvm";
    }

    @Override
    public Set<String> sections() {
        return Set.of(OWNERSHIP, CALLS, SEQUENCES);
    }

    @Override
    public List<VectorCase> cases(String section, JsonNode node, JsonNode document) {
        return switch (section) {
            case OWNERSHIP -> new OwnershipRows(section, node).cases();
            case SEQUENCES -> Cases.of(section, node, SequenceCase::run);
            default -> Cases.of(section, node, GuestCallCase::run);
        };
    }
}
