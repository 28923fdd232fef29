/// The deterministic scheduler: threads of which one runs at a time, and which change places at yield points alone, as a plan says.
///
/// The yield points are woven into the engine by the test ([org.enclosure.tck.weave.YieldPoints]); the engine itself has none. What
/// waits gives its turn away, so that a plan with so many preemptions has exactly that many. The same plan gives the same run.
@NullMarked
package org.enclosure.tck.schedule;

import org.jspecify.annotations.NullMarked;
