/// Tests of the planting of mistakes.
@NullMarked
package org.enclosure.tck.mutant;

import org.jspecify.annotations.NullMarked;
