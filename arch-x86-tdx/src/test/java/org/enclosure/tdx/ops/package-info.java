/// Tests of the package.
@NullMarked
package org.enclosure.tdx.ops;

import org.jspecify.annotations.NullMarked;
