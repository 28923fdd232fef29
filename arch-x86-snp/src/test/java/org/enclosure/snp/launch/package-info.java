/// Tests of the launch measurement.
@NullMarked
package org.enclosure.snp.launch;

import org.jspecify.annotations.NullMarked;
