package org.enclosure.bench;

import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/// Runs one measurement in JVMs of its own, which get the class path and the options of this one.
final class Forks {
    /// What forks do not take over: recorded profiles of another program, its log, debuggers, half a compiler; and access to
    /// memory through `sun.misc.Unsafe`, which JMH needs.
    private static final Pattern DROPPED = Pattern.compile(
            "-XX:AOT.*|-Xlog.*|-agentlib.*|-javaagent.*|-XX:TieredStopAtLevel.*|--sun-misc-unsafe-memory-access=.*");

    static {
        // Its lock file may be another user's: it lies in the folder that all users share.
        System.setProperty("jmh.ignoreLock", "true");
    }

    private final int count;
    private final boolean quick;

    Forks(boolean quick) {
        this.quick = quick;
        count = quick ? 1 : 3;
    }

    /// How many JVMs.
    int count() {
        return count;
    }

    /// Runs.
    ///
    /// @throws BenchFailedException with the first lines of what the JVM had to say
    List<BenchmarkResult> run(Measurement measurement) {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include("\\." + Pattern.quote(measurement.benchmark()) + "$").shouldFailOnError(true)
                .timeUnit(TimeUnit.NANOSECONDS).jvmArgs(arguments(measurement).toArray(String[]::new)).forks(count);
        measurement.parameters().forEach(options::param);
        if (measurement.single()) {
            options.mode(Mode.SingleShotTime).warmupIterations(0).measurementIterations(1);
        } else {
            options.mode(Mode.SampleTime).warmupIterations(quick ? 2 : 4).warmupTime(millis(quick ? 200 : 500))
                    .measurementIterations(quick ? 2 : 4).measurementTime(millis(quick ? 200 : 500));
        }
        SilentOutput output = new SilentOutput();
        try {
            List<BenchmarkResult> results = new ArrayList<>();
            for (RunResult result : new Runner(options.build(), output).run()) {
                results.addAll(result.getBenchmarkResults());
            }
            if (results.size() != count) {
                throw new BenchFailedException(measurement + ": " + results.size() + " results of " + count
                        + " JVMs: " + output.complaint());
            }
            return results;
        } catch (RunnerException e) {
            throw new BenchFailedException(measurement + ": " + output.complaint(), e);
        }
    }

    private static TimeValue millis(int count) {
        return TimeValue.milliseconds(count);
    }

    private List<String> arguments(Measurement measurement) {
        List<String> arguments = new ArrayList<>();
        for (String argument : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (!DROPPED.matcher(argument).matches()) {
                arguments.add(argument);
            }
        }
        arguments.add("--sun-misc-unsafe-memory-access=allow");
        if (measurement.symmetric()) {
            arguments.add("-Denclosure.access.order=symmetric");
        }
        return arguments;
    }
}
