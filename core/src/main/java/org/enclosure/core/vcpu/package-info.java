/// The vCPU: the access path with its soft TLB, guest instructions, exits, the run loop.
@NullMarked
package org.enclosure.core.vcpu;

import org.jspecify.annotations.NullMarked;
