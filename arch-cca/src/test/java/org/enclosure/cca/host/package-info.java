/// Tests of the host's side.
@NullMarked
package org.enclosure.cca.host;

import org.jspecify.annotations.NullMarked;
