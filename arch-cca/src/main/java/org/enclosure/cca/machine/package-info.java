/// The machine: EL3 with the granule protection table, and the RMM, one method per SMC. Operands are physical addresses and
/// register values, answers are x0 words. All state is in granule memory and in host-wide tables by granule number; nothing
/// here allocates frames or knows a VM object, and nothing waits: where a real processor would spin, the caller is told
/// [org.enclosure.cca.wire.Rmi#CONTENDED].
@NullMarked
package org.enclosure.cca.machine;

import org.jspecify.annotations.NullMarked;
