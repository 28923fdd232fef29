/// Plugins whose operations are not what their host code does, and that this is seen.
@NullMarked
package org.enclosure.tck.parity;

import org.jspecify.annotations.NullMarked;
