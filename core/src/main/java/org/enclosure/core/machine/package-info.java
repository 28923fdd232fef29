/// What the parts of one VM share: its wiring, its policies as plain values, the entry state of its vCPUs.
@NullMarked
package org.enclosure.core.machine;

import org.jspecify.annotations.NullMarked;
