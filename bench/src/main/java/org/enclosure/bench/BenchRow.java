package org.enclosure.bench;

import org.jspecify.annotations.Nullable;

/// One line of the table. A figure is the median of the JVMs' medians.
///
/// @param name its name
/// @param what what it is, for people
/// @param unit of all numbers here
/// @param one the figure in JVMs that have executed the built-in platform alone
/// @param all the figure in JVMs that have executed all plugins before
/// @param floor what it cannot be better than on this machine; null if there is no such thing
/// @param spread how far the JVMs lie apart: largest less smallest, divided by the median, the larger of both figures; 0 for
///        one JVM
/// @param target what it has to reach; null if nothing was promised
/// @param met whether the worse of the two figures reaches it; null without a target
public record BenchRow(String name, String what, String unit, double one, double all, @Nullable Double floor,
        double spread, @Nullable Target target, @Nullable Boolean met) {
    private static final double NOISY = 0.3;

    /// Whether the JVMs disagree so much that the figure says little.
    public boolean isNoisy() {
        return spread > NOISY;
    }
}
