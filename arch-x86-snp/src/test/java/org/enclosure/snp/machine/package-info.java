/// Tests of the machine.
@NullMarked
package org.enclosure.snp.machine;

import org.jspecify.annotations.NullMarked;
