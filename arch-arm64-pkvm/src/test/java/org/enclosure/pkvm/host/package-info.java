/// Tests of the host's side, with the engine.
@NullMarked
package org.enclosure.pkvm.host;

import org.jspecify.annotations.NullMarked;
