package org.enclosure.cli.verify;

import java.util.List;
import java.util.Set;

import tools.jackson.databind.JsonNode;

/// Translates one architecture's sections of vector files into operations of its plugin.
public interface VectorAdapter {
    /// The id of the architecture whose plugin is tested.
    String architecture();

    /// The names of the sections that this adapter knows.
    Set<String> sections();

    /// The cases of one section, in the file's order. Nothing runs yet, and nothing of a case is looked at but its name: a
    /// case of bad shape fails when it runs.
    ///
    /// @param section one of [#sections()]
    /// @param node what the file holds under that name
    /// @param document the whole file, for what configures the machine
    List<VectorCase> cases(String section, JsonNode node, JsonNode document);
}
