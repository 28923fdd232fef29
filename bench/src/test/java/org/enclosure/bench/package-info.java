/// Tests of the benchmarks: that they run, not how fast.
@NullMarked
package org.enclosure.bench;

import org.jspecify.annotations.NullMarked;
