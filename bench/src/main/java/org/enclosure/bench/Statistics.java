package org.enclosure.bench;

import java.util.Arrays;

/// The numbers of a few JVMs, as one.
final class Statistics {
    private Statistics() {
    }

    static double median(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// Largest less smallest, divided by the median; 0 if all are zero.
    static double spread(double[] values) {
        double median = median(values);
        double range = Arrays.stream(values).max().orElse(0) - Arrays.stream(values).min().orElse(0);
        return median == 0 ? 0 : range / Math.abs(median);
    }
}
