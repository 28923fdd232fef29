/// Tests of the launch without a machine.
@NullMarked
package org.enclosure.cca.launch;

import org.jspecify.annotations.NullMarked;
