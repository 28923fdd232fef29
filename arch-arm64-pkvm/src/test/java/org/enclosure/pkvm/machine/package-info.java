/// Tests of EL2's calls, each on a machine of its own.
@NullMarked
package org.enclosure.pkvm.machine;

import org.jspecify.annotations.NullMarked;
