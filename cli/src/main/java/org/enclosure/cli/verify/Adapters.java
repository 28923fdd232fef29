package org.enclosure.cli.verify;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.enclosure.cli.Escape;
import org.enclosure.cli.UnusableInput;
import org.enclosure.cli.verify.cca.CcaAdapter;
import org.enclosure.cli.verify.pkvm.PkvmAdapter;
import org.enclosure.cli.verify.snp.SnpAdapter;
import org.enclosure.cli.verify.tdx.TdxAdapter;

/// All adapters: one line an architecture.
public final class Adapters {
    private static final List<VectorAdapter> ALL = List.of(new PkvmAdapter(), new CcaAdapter(), new SnpAdapter(),
            new TdxAdapter());

    private Adapters() {
    }

    /// All of them.
    public static List<VectorAdapter> all() {
        return ALL;
    }

    /// One of them.
    ///
    /// @throws UnusableInput if there is none; the message lists those present
    public static VectorAdapter find(List<VectorAdapter> adapters, String architecture) {
        for (VectorAdapter adapter : adapters) {
            if (adapter.architecture().equals(architecture)) {
                return adapter;
            }
        }
        throw new UnusableInput("--arch " + Escape.quote(architecture) + " has no vectors; there are adapters for "
                + String.join(", ", adapters.stream().map(VectorAdapter::architecture).toList()));
    }

    /// The names of the sections of all of them.
    static Set<String> sections(List<VectorAdapter> adapters) {
        Set<String> sections = new LinkedHashSet<>();
        adapters.forEach(adapter -> sections.addAll(adapter.sections()));
        return sections;
    }
}
