/// The random driver, run on the platforms that are here.
@NullMarked
package org.enclosure.tck.random;

import org.jspecify.annotations.NullMarked;
