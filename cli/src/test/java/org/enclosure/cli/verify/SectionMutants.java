package org.enclosure.cli.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.enclosure.tck.mutant.Killer;
import org.enclosure.tck.mutant.Mutant;
import org.enclosure.tck.mutant.MutantRun;
import org.enclosure.tck.mutant.Outcome;
import org.junit.jupiter.api.DynamicTest;

/// For every section of a vector file a mistake of the plugin that this section finds: what shows that `verify` tests the plugin
/// and not itself.
public final class SectionMutants {
    private final String architecture;
    private final String resource;
    private final String plugin;
    private final Map<String, Mutant> mutants;

    /// @param resource the file, among the resources of the tests
    /// @param plugin the plugin's package, with a dot at the end
    /// @param mutants by the name of the section
    public SectionMutants(String architecture, String resource, String plugin, Map<String, Mutant> mutants) {
        this.architecture = architecture;
        this.resource = resource;
        this.plugin = plugin;
        this.mutants = Map.copyOf(mutants);
    }

    /// Each section has a mutant, and finds it; without a mutant nothing is found.
    public Stream<DynamicTest> tests() {
        List<String> sections = SectionRun.sections(architecture, resource);
        List<DynamicTest> tests = new ArrayList<>();
        tests.add(
                dynamicTest("every section has a mutant", () -> assertEquals(Set.copyOf(sections), mutants.keySet())));
        tests.add(dynamicTest("no mutant",
                () -> require(Outcome.Verdict.PASSED, run(String.join(" ", sections)).runUnchanged())));
        mutants.forEach((section, mutant) -> tests.add(dynamicTest(section + " finds " + mutant,
                () -> require(Outcome.Verdict.CAUGHT, run(section).run(mutant)))));
        return tests.stream();
    }

    /// No other section finds it, so that each section tests something that the others do not.
    public Stream<DynamicTest> onlyThere() {
        Set<String> sections = new LinkedHashSet<>(SectionRun.sections(architecture, resource));
        return mutants.entrySet().stream().map(entry -> dynamicTest(entry.getKey() + " alone finds " + entry.getValue(),
                () -> require(Outcome.Verdict.PASSED, run(sections.stream()
                        .filter(section -> !section.equals(entry.getKey())).collect(Collectors.joining(" ")))
                        .run(entry.getValue()))));
    }

    private static void require(Outcome.Verdict expected, Outcome outcome) {
        assertEquals(expected, outcome.verdict(), outcome::toString);
    }

    private MutantRun run(String sections) {
        Killer killer = classes -> {
            try {
                classes.loadClass(SectionRun.class.getName())
                        .getMethod("check", String.class, String.class, String.class)
                        .invoke(null, architecture, resource, sections);
            } catch (InvocationTargetException e) {
                throw e.getCause();
            }
        };
        return new MutantRun(killer, plugin, "org.enclosure.cli.", "org.enclosure.core.", "org.enclosure.software.");
    }
}
