package org.enclosure.bench;

import java.nio.charset.StandardCharsets;
import java.util.Collection;

import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.infra.IterationParams;
import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.IterationResult;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.format.OutputFormat;

/// Keeps what JMH and its JVMs say until somebody asks what went wrong.
final class SilentOutput implements OutputFormat {
    private static final int KEPT = 4_000;
    private static final int SHOWN = 240;

    private final StringBuilder text = new StringBuilder();

    /// The first error in it, on one line.
    String complaint() {
        String all = text.toString();
        int at = all.indexOf("Exception");
        at = at < 0 ? all.indexOf("Error") : at;
        int start = at < 0 ? 0 : all.lastIndexOf('\n', at) + 1;
        String shown = all.substring(start, Math.min(all.length(), start + SHOWN)).strip();
        return shown.isEmpty() ? "nothing was said" : shown.replaceAll("\\s+", " ");
    }

    @Override
    public void print(String words) {
        if (text.length() < KEPT) {
            text.append(words);
        }
    }

    @Override
    public void println(String words) {
        print(words + "\n");
    }

    @Override
    public void verbosePrintln(String words) {
        // The command lines of the JVMs.
    }

    @Override
    public void write(int octet) {
        print(String.valueOf((char) octet));
    }

    @Override
    public void write(byte[] octets) {
        print(new String(octets, StandardCharsets.UTF_8));
    }

    @Override
    public void flush() {
        // Nothing waits.
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    @Override
    public void iteration(BenchmarkParams params, IterationParams iteration, int number) {
        // Shown nowhere.
    }

    @Override
    public void iterationResult(BenchmarkParams params, IterationParams iteration, int number, IterationResult result) {
        // Shown nowhere.
    }

    @Override
    public void startBenchmark(BenchmarkParams params) {
        // The suite tells the progress.
    }

    @Override
    public void endBenchmark(BenchmarkResult result) {
        // The runner returns it.
    }

    @Override
    public void startRun() {
        // The suite tells the progress.
    }

    @Override
    public void endRun(Collection<RunResult> results) {
        // The runner returns them.
    }
}
