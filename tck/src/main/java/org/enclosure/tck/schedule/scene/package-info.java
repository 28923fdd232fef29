/// What the scheduler's threads do. Loaded together with the woven engine, so that these classes see it and no other.
@NullMarked
package org.enclosure.tck.schedule.scene;

import org.jspecify.annotations.NullMarked;
