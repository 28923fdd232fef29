/// The kit, run on the platforms that are here.
@NullMarked
package org.enclosure.tck;

import org.jspecify.annotations.NullMarked;
