/// Changes of class files made by tests: mutants, and yield points. Production code has no switch for either.
@NullMarked
package org.enclosure.tck.weave;

import org.jspecify.annotations.NullMarked;
