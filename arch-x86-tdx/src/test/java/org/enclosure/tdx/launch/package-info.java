/// Tests of the package.
@NullMarked
package org.enclosure.tdx.launch;

import org.jspecify.annotations.NullMarked;
