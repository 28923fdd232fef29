/// The deterministic scheduler, run on the platforms that are here.
@NullMarked
package org.enclosure.tck.schedule;

import org.jspecify.annotations.NullMarked;
