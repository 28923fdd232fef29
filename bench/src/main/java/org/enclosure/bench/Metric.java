package org.enclosure.bench;

import org.openjdk.jmh.results.BenchmarkResult;
import org.openjdk.jmh.results.Result;

/// What is read from the result of one JVM.
enum Metric {
    /// Median time of a batch in nanoseconds.
    TIME {
        @Override
        double of(BenchmarkResult fork) {
            return fork.getPrimaryResult().getStatistics().getPercentile(MEDIAN);
        }
    },
    /// Bytes that the measuring thread allocates in a batch.
    ALLOCATED {
        @Override
        double of(BenchmarkResult fork) {
            return counter(fork, "allocatedBytes") / counter(fork, "batches");
        }
    },
    /// Time of the best batch in nanoseconds: where threads have to run at the same moment, on a machine that does other work
    /// they seldom do.
    BEST {
        @Override
        double of(BenchmarkResult fork) {
            return fork.getPrimaryResult().getStatistics().getMin();
        }
    },
    /// Bytes that a machine commits.
    COMMITTED {
        @Override
        double of(BenchmarkResult fork) {
            return counter(fork, "committedBytes") / counter(fork, "machines");
        }
    };

    private static final double MEDIAN = 50;

    abstract double of(BenchmarkResult fork);

    private static double counter(BenchmarkResult fork, String name) {
        Result<?> result = fork.getSecondaryResults().get(name);
        if (result == null) {
            throw new IllegalStateException("a benchmark did not count " + name);
        }
        return result.getScore();
    }
}
