/// Silicon and firmware: the RMP, the instructions of host and guest on it, the access checks, and the firmware commands that move
/// pages. Keyed by system physical address; knows [org.enclosure.spi.PhysicalMemory] and nothing of who calls. Each instruction is
/// an ordered list of checks, then one change; a failed one changes nothing.
@NullMarked
package org.enclosure.snp.machine;

import org.jspecify.annotations.NullMarked;
