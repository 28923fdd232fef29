/// Which pages the guest has written: KVM's dirty log for host memory, and, as an extension, a log of the pages of stores.
@NullMarked
package org.enclosure.api.dirty;

import org.jspecify.annotations.NullMarked;
