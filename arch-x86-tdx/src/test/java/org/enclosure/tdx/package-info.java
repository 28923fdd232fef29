/// Tests of the package.
@NullMarked
package org.enclosure.tdx;

import org.jspecify.annotations.NullMarked;
