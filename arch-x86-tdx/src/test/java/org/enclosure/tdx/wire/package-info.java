/// Tests of the package.
@NullMarked
package org.enclosure.tdx.wire;

import org.jspecify.annotations.NullMarked;
