/// The objects behind the public API: hosts, VMs, stores, slots. They check what comes from outside and wire the parts.
@NullMarked
package org.enclosure.core.vm;

import org.jspecify.annotations.NullMarked;
