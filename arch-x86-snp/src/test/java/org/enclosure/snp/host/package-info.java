/// Tests of the host layer, without engine.
@NullMarked
package org.enclosure.snp.host;

import org.jspecify.annotations.NullMarked;
