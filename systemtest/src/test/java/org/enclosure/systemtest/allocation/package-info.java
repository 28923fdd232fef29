/// What the engine allocates on the Java heap in steady state, to the byte: nothing. With several architectures loaded and used,
/// compiled and interpreted.
@NullMarked
package org.enclosure.systemtest.allocation;

import org.jspecify.annotations.NullMarked;
