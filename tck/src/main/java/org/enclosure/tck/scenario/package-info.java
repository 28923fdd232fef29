/// Scenarios: a few named steps of a guest and its host on any architecture, with the oracle behind each.
@NullMarked
package org.enclosure.tck.scenario;

import org.jspecify.annotations.NullMarked;
