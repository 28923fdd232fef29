/// Tests of the machine through its operations.
@NullMarked
package org.enclosure.cca.ops;

import org.jspecify.annotations.NullMarked;
