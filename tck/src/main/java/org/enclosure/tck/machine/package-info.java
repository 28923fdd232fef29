/// Machines for tests: a host with the plugin under test, and VMs that look the same on all architectures.
@NullMarked
package org.enclosure.tck.machine;

import org.jspecify.annotations.NullMarked;
