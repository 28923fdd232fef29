package org.enclosure.tck.mutant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

import org.enclosure.tck.mutant.Outcome.Verdict;
import org.enclosure.tck.weave.ChangedClass;
import org.enclosure.tck.weave.ReloadingLoader;
import org.junit.jupiter.api.DynamicTest;

/// Runs a killer on mutants, one after the other, on the caller's thread.
public final class MutantRun {
    private final Killer killer;
    private final List<String> own;

    /// @param killer the test that has to catch them
    /// @param own prefixes of the names of the classes that are loaded anew: the plugin's, the killer's, and those of
    ///     everything else that refers to the plugin's classes. Classes of the API and SPI have to stay those of the caller
    public MutantRun(Killer killer, String... own) {
        this.killer = killer;
        this.own = List.of(own);
    }

    /// A test for each mutant, after one that the killer passes without any.
    public Stream<DynamicTest> tests(List<Mutant> mutants) {
        return Stream.concat(Stream.of(dynamicTest("no mutant", () -> require(Verdict.PASSED, runUnchanged()))),
                mutants.stream()
                        .map(mutant -> dynamicTest(mutant.toString(), () -> require(Verdict.CAUGHT, run(mutant)))));
    }

    private static void require(Verdict expected, Outcome outcome) {
        assertEquals(expected, outcome.verdict(), outcome::toString);
    }

    /// Runs the killer on the classes as they are.
    public Outcome runUnchanged() {
        return run(new Loader(own, Map.of()));
    }

    /// Runs the killer on a mutant.
    ///
    /// @throws AssertionError if the mutant does not apply any more
    /// @throws IllegalArgumentException if its class is none of those that are loaded anew
    public Outcome run(Mutant mutant) {
        if (own.stream().noneMatch(mutant.className()::startsWith)) {
            throw new IllegalArgumentException(mutant + " is in none of " + own);
        }
        return run(new Loader(own, Map.of(mutant.className(), mutant.change())));
    }

    private Outcome run(ClassLoader classes) {
        try {
            killer.run(classes);
            return new Outcome(Verdict.PASSED, null);
        } catch (AssertionError e) {
            return new Outcome(Verdict.CAUGHT, e);
        } catch (Throwable e) { // whatever a wrong plugin leads to
            return new Outcome(Verdict.BROKE_DOWN, e);
        }
    }

    /// The classes of one run.
    private static final class Loader extends ReloadingLoader {
        static {
            registerAsParallelCapable();
        }

        private final List<String> own;

        Loader(List<String> own, Map<String, UnaryOperator<ChangedClass>> changes) {
            super("mutant", changes);
            this.own = own;
        }

        @Override
        protected boolean isOwn(String name) {
            return own.stream().anyMatch(name::startsWith);
        }
    }
}
