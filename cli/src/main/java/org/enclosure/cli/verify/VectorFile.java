package org.enclosure.cli.verify;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.cli.DocumentFile;
import org.enclosure.cli.Escape;
import org.enclosure.cli.UnusableInput;
import tools.jackson.databind.JsonNode;

/// A vector file: sections by name, beside keys that describe it or its machine.
public final class VectorFile {
    private static final String PLATFORM = "platform";

    private final String name;
    private final JsonNode root;

    private VectorFile(String name, JsonNode root) {
        this.name = name;
        this.root = root;
    }

    /// Reads a file.
    ///
    /// @throws UnusableInput if it cannot be read or parsed, or is no object
    public static VectorFile read(Path file) {
        JsonNode root = DocumentFile.read("vectors", file);
        String name = "vectors " + Escape.quote(file.toString());
        if (!root.isObject()) {
            throw new UnusableInput(name + " is not an object of sections");
        }
        return new VectorFile(name, root);
    }

    /// What is to be run of it for one architecture.
    ///
    /// @param adapters of all architectures: a section that one of the others knows is passed over, one that nobody knows
    ///        is a failed case
    /// @param only if not empty, the sections to be run
    /// @throws UnusableInput if the file has no section for the architecture, or one of `only` is not among them
    Map<String, List<VectorCase>> select(VectorAdapter adapter, List<VectorAdapter> adapters, Set<String> only) {
        Set<String> others = Adapters.sections(adapters);
        others.removeAll(adapter.sections());
        Map<String, List<VectorCase>> selected = new LinkedHashMap<>();
        boolean any = false;
        for (String section : sections()) {
            if (adapter.sections().contains(section)) {
                any = true;
                selected.put(section, adapter.cases(section, root.path(section), root));
            } else if (!others.contains(section)) {
                selected.put(section, List.of(Cases.failing(section, "unknown: " + section)));
            }
        }
        if (!any) {
            throw new UnusableInput(name + " has no section for " + adapter.architecture() + "; it holds "
                    + (sections().isEmpty() ? "none" : Escape.visible(String.join(", ", sections()))));
        }
        return only.isEmpty() ? selected : narrowed(selected, only);
    }

    private Map<String, List<VectorCase>> narrowed(Map<String, List<VectorCase>> selected, Set<String> only) {
        Map<String, List<VectorCase>> narrowed = new LinkedHashMap<>();
        for (String section : only) {
            List<VectorCase> cases = selected.get(section);
            if (cases == null) {
                throw new UnusableInput("--section " + Escape.quote(section) + " is not in " + name + "; it holds "
                        + Escape.visible(String.join(", ", selected.keySet())));
            }
            narrowed.put(section, cases);
        }
        return narrowed;
    }

    private List<String> sections() {
        List<String> sections = new ArrayList<>();
        for (String key : root.propertyNames()) {
            if (!Fields.DESCRIBING.contains(key) && !key.equals(PLATFORM)) {
                sections.add(key);
            }
        }
        return sections;
    }
}
