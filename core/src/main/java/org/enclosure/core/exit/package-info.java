/// The exit record and the counters of a vCPU: owned by the vCPU, reused, never created on the way.
@NullMarked
package org.enclosure.core.exit;

import org.jspecify.annotations.NullMarked;
