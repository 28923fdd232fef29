/// The machine's operations by name, for scripts and a hostile host.
@NullMarked
package org.enclosure.testarch.ops;

import org.jspecify.annotations.NullMarked;
