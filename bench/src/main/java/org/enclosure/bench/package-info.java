/// The benchmarks: every number that the project promises, measured by JMH beside the floor under it.
///
/// ```
/// Catalogue    rows: what is measured, over which floor, against which target
/// BenchSuite   runs what the rows need, each in JVMs of its own, and answers a BenchReport
/// *Benchmark   the JMH benchmarks; each call is one batch, and the row knows how many operations that is
/// Scene        the VM that they run on, through the public API
/// ```
///
/// A figure is the median of the forks' medians, so that a machine which does other work at the same time disturbs it little.
@NullMarked
package org.enclosure.bench;

import org.jspecify.annotations.NullMarked;
