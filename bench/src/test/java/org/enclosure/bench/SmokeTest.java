package org.enclosure.bench;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.regex.Pattern;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// Every measurement of the catalogue can be made: one call each, in this JVM, with little memory.
class SmokeTest {
    static {
        // The lock file may be another user's. JMH reads this when it is loaded.
        System.setProperty("jmh.ignoreLock", "true");
    }

    static Set<Measurement> measurements() {
        Set<Measurement> all = new LinkedHashSet<>();
        for (Row row : Catalogue.rows()) {
            row.figure().measurements().forEach(measurement -> all.add(measurement.with(Plugins.ONE)));
            if (row.floor() != null) {
                row.floor().measurements().forEach(measurement -> all.add(measurement.with(Plugins.ONE)));
            }
        }
        // what all plugins do before is the same everywhere
        all.add(Catalogue.rows().getFirst().figure().measurements().getFirst().with(Plugins.ALL));
        // the order of accesses is a JVM's, and there is no JVM for it here
        all.removeIf(Measurement::symmetric);
        return all;
    }

    @ParameterizedTest
    @MethodSource("measurements")
    void shouldRunOnce(Measurement measurement) throws RunnerException {
        SilentOutput output = new SilentOutput();
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("\\." + Pattern.quote(measurement.benchmark()) + "$").mode(Mode.SingleShotTime).forks(0)
                .warmupIterations(0).measurementIterations(1).measurementTime(TimeValue.milliseconds(1))
                .shouldFailOnError(true);
        measurement.parameters()
                .forEach((name, value) -> options.param(name, value.equals("1024") ? "8" : value));
        Collection<RunResult> results = new Runner(options.build(), output).run();
        assertFalse(results.isEmpty(), output.complaint());
    }
}
