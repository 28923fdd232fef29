/// Tests of the package.
@NullMarked
package org.enclosure.tdx.host;

import org.jspecify.annotations.NullMarked;
