/// The gmem store: memory that belongs to a VM and is reached by offset, as guest_memfd is.
@NullMarked
package org.enclosure.api.store;

import org.jspecify.annotations.NullMarked;
