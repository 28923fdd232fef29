/// Readers of the vectors that a plugin's tests have among their resources.
@NullMarked
package org.enclosure.tck.vector;

import org.jspecify.annotations.NullMarked;
