/// EL2. One method per hypercall; operands are physical addresses, VM handles and gfns; answers are 0 or a negative errno. It knows physical memory and no VM object, allocates no frames and never waits: a lock that is held is answered with ERESTART.
@NullMarked
package org.enclosure.pkvm.machine;

import org.jspecify.annotations.NullMarked;
