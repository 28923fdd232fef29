package org.enclosure.bench;

import java.util.List;

/// How a number comes from measurements.
sealed interface Figure {
    /// What has to be measured.
    List<Measurement> measurements();

    /// One measurement, divided.
    ///
    /// @param divisor operations in a batch, times the units of the metric in the unit that is shown
    record Single(Measurement measurement, Metric metric, double divisor) implements Figure {
        @Override
        public List<Measurement> measurements() {
            return List.of(measurement);
        }
    }

    /// By how many percent a batch takes longer beside something else.
    ///
    /// @param alone the batch by itself
    /// @param beside the same batch beside it
    record Slowdown(Measurement alone, Measurement beside) implements Figure {
        @Override
        public List<Measurement> measurements() {
            return List.of(alone, beside);
        }
    }

    /// How many times faster two threads are than one.
    ///
    /// @param one one thread
    /// @param two two threads, the same work each
    record Speedup(Measurement one, Measurement two) implements Figure {
        @Override
        public List<Measurement> measurements() {
            return List.of(one, two);
        }
    }
}
