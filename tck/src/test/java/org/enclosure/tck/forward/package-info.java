/// Plugins that count what the engine asks of them.
@NullMarked
package org.enclosure.tck.forward;

import org.jspecify.annotations.NullMarked;
