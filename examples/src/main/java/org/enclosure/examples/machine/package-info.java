/// The VMM of the example guest: host, VM, memory, vCPU threads and the echo device.
@NullMarked
package org.enclosure.examples.machine;

import org.jspecify.annotations.NullMarked;
