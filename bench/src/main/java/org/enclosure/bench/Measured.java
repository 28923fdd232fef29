package org.enclosure.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

import org.openjdk.jmh.results.BenchmarkResult;

/// What was measured so far, and the rows that come of it.
final class Measured {
    private final Map<Measurement, List<BenchmarkResult>> results = new HashMap<>();

    void put(Measurement measurement, List<BenchmarkResult> forks) {
        results.put(measurement, List.copyOf(forks));
    }

    BenchRow row(Row row) {
        double[] one = values(row.figure(), Plugins.ONE);
        double[] all = values(row.figure(), Plugins.ALL);
        Target target = row.target();
        double oneFigure = Statistics.median(one);
        double allFigure = Statistics.median(all);
        Double floor = row.floor() == null ? null : Statistics.median(values(row.floor(), Plugins.ONE));
        boolean more = target != null && target.kind() == Target.Kind.AT_LEAST;
        double worse = more ? Math.min(oneFigure, allFigure) : Math.max(oneFigure, allFigure);
        return new BenchRow(row.name(), row.what(), row.unit(), oneFigure, allFigure, floor,
                Math.max(Statistics.spread(one), Statistics.spread(all)), target,
                target == null ? null : target.isMet(worse, floor));
    }

    private double[] values(Figure figure, String plugins) {
        return switch (figure) {
            case Figure.Single single -> values(single.measurement().with(plugins), single.metric(), single.divisor());
            case Figure.Speedup speedup -> speedup(values(speedup.one().with(plugins), Metric.BEST, 1),
                    values(speedup.two().with(plugins), Metric.BEST, 1));
            case Figure.Slowdown slowdown -> slowdown(values(slowdown.alone().with(plugins), Metric.TIME, 1),
                    values(slowdown.beside().with(plugins), Metric.TIME, 1));
        };
    }

    /// Two threads do twice the work: if they take as long for it as one for its half, they are twice as fast.
    private static double[] speedup(double[] one, double[] two) {
        double[] values = new double[two.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = 2 * one[i] / two[i];
        }
        return values;
    }

    /// Against the median of the calm JVMs: one of them has nothing to do with one of the others. Less than nothing is noise.
    private static double[] slowdown(double[] alone, double[] beside) {
        double calm = Statistics.median(alone);
        double[] values = new double[beside.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.max(0, 100 * (beside[i] / calm - 1));
        }
        return values;
    }

    private double[] values(Measurement measurement, Metric metric, double divisor) {
        List<BenchmarkResult> forks = results.get(measurement);
        if (forks == null) {
            throw new IllegalStateException("not measured: " + measurement);
        }
        return forks.stream().mapToDouble(fork -> metric.of(fork) / divisor).toArray();
    }
}
