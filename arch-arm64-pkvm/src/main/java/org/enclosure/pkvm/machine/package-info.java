/// EL2. One method per hypercall; operands are physical addresses, VM handles and gfns; answers are 0 or a negative errno. It knows physical
/// memory and no VM object, allocates no frames and never waits: a lock that is held is answered with ERESTART.
///
/// Where the rules come from, if a class does not say: what guests call, the kernel's `Documentation/virt/kvm/arm/hypercalls.rst` and
/// `pkvm.rst`; what hosts call, and the order of checks, the list threads of the protected-guest series and of its successors by version
/// ([Profile]); descriptors, as [org.enclosure.pkvm.wire.Descriptor] says.
@NullMarked
package org.enclosure.pkvm.machine;

import org.jspecify.annotations.NullMarked;
