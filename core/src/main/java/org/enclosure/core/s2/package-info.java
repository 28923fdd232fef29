/// The stage-2 table of the halves that the engine owns.
@NullMarked
package org.enclosure.core.s2;

import org.jspecify.annotations.NullMarked;
