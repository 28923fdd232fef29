/// The machine's operations by name, for scripts, vectors and a hostile host. Operands are system physical addresses and register
/// values; nothing here goes through the host layer.
@NullMarked
package org.enclosure.snp.ops;

import org.jspecify.annotations.NullMarked;
