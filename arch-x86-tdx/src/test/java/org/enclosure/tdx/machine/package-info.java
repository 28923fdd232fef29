/// Tests of the package.
@NullMarked
package org.enclosure.tdx.machine;

import org.jspecify.annotations.NullMarked;
