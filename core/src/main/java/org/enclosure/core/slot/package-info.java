/// Memslots as the fault path reads them: immutable snapshots behind one volatile reference.
@NullMarked
package org.enclosure.core.slot;

import org.jspecify.annotations.NullMarked;
