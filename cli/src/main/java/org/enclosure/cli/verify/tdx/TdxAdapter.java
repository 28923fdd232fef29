package org.enclosure.cli.verify.tdx;

import java.util.List;
import java.util.Set;

import org.enclosure.cli.verify.Cases;
import org.enclosure.cli.verify.VectorAdapter;
import org.enclosure.cli.verify.VectorCase;
import tools.jackson.databind.JsonNode;

/// The sections of the TDX vector files.
public final class TdxAdapter implements VectorAdapter {
    private static final String MRTD = "mrtd";
    private static final String TDVF = "tdvf_images";
    private static final String SEQUENCES = "sequences";
    private static final String FUZZ = "fuzz_sequences";
    private static final String STATUS = "status_decode";
    private static final String MAP_HOST = "mapgpa_host";
    private static final String MAP_GUEST = "mapgpa_guest_loop";
    private static final String ACCEPT_GUEST = "accept_guest_loop";

    /// Creates the adapter; no state.
    public TdxAdapter() {
    }

    @Override
    public String architecture() {
        return "x86-tdx";
    }

    @Override
    public Set<String> sections() {
        return Set.of(MRTD, TDVF, SEQUENCES, FUZZ, STATUS, MAP_HOST, MAP_GUEST, ACCEPT_GUEST);
    }

    @Override
    public List<VectorCase> cases(String section, JsonNode node, JsonNode document) {
        MachineDescription machine = MachineDescription.of(document);
        return switch (section) {
            case MRTD -> Cases.of(section, node, (fields, machines) -> MrtdCase.run(fields, machine.open(machines)));
            case TDVF -> Cases.of(section, node, (fields, machines) -> TdvfCase.run(fields, machine.open(machines)));
            case STATUS -> Cases.of(section, node, "value",
                    (fields, machines) -> StatusCase.run(fields, machine.open(machines)));
            case MAP_HOST -> Cases.of(section, node, MapGpaHostCase::run);
            case MAP_GUEST -> Cases.of(section, node, (fields, machines) -> GuestLoopCase.map(fields, machines));
            case ACCEPT_GUEST -> Cases.of(section, node, (fields, machines) -> GuestLoopCase.accept(fields, machines));
            default -> Cases.of(section, node, (fields, machines) -> new Sequence(fields, machine, machines).run());
        };
    }
}
