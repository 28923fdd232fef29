package org.enclosure.cli.verify;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.enclosure.cli.Escape;
import org.enclosure.cli.UnusableInput;
import org.enclosure.spi.ArchitectureProvider;
import org.jspecify.annotations.Nullable;

/// Runs the cases of a file, one after the other, each on machines of its own.
public final class Verifier {
    private final ArchitectureProvider provider;
    private final List<VectorAdapter> adapters;

    /// A verifier of a plugin.
    ///
    /// @param adapters of all architectures
    public Verifier(ArchitectureProvider provider, List<VectorAdapter> adapters) {
        this.provider = provider;
        this.adapters = List.copyOf(adapters);
    }

    /// Runs a file.
    ///
    /// @param only if not empty, the sections to be run
    /// @param caseId if not null, the only case to be run
    /// @throws UnusableInput if nothing of the file is to be run for the plugin; the message says what it holds
    public VerifyReport run(VectorFile file, Set<String> only, @Nullable String caseId) {
        VectorAdapter adapter = Adapters.find(adapters, provider.id());
        Map<String, List<VectorCase>> selected = file.select(adapter, adapters, new LinkedHashSet<>(only));
        List<SectionReport> reports = new ArrayList<>();
        selected.forEach((section, cases) -> {
            List<VectorCase> wanted = cases.stream().filter(one -> caseId == null || one.id().equals(caseId)).toList();
            if (caseId == null || !wanted.isEmpty()) {
                reports.add(section(section, wanted));
            }
        });
        if (caseId != null && reports.isEmpty()) {
            throw new UnusableInput("--case " + Escape.quote(caseId) + " is not in "
                    + Escape.visible(String.join(", ", selected.keySet())));
        }
        return new VerifyReport(provider.id(), reports);
    }

    private SectionReport section(String name, List<VectorCase> cases) {
        int passed = 0;
        List<SectionReport.Remark> failures = new ArrayList<>();
        List<SectionReport.Remark> skipped = new ArrayList<>();
        for (VectorCase one : cases) {
            try (OpenMachines machines = new OpenMachines(provider)) {
                one.body().run(machines);
                passed++;
            } catch (CaseFailure e) {
                failures.add(new SectionReport.Remark(one.id(), String.valueOf(e.getMessage())));
            } catch (CaseSkipped e) {
                skipped.add(new SectionReport.Remark(one.id(), String.valueOf(e.getMessage())));
            } catch (RuntimeException e) {
                failures.add(new SectionReport.Remark(one.id(), e.getClass().getSimpleName() + ": " + e.getMessage()));
            }
        }
        return new SectionReport(name, passed, failures, skipped);
    }
}
