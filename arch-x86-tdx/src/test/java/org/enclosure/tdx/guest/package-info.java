/// Tests of the package.
@NullMarked
package org.enclosure.tdx.guest;

import org.jspecify.annotations.NullMarked;
