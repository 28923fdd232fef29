/// Realms of Arm CCA, and their host.
@NullMarked
package org.enclosure.fuzz.cca;

import org.jspecify.annotations.NullMarked;
