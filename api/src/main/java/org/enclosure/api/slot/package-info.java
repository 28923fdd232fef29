/// Memslots: which guest physical range is backed by what.
@NullMarked
package org.enclosure.api.slot;

import org.jspecify.annotations.NullMarked;
