/// Exits from a vCPU to its VMM.
@NullMarked
package org.enclosure.api.exit;

import org.jspecify.annotations.NullMarked;
