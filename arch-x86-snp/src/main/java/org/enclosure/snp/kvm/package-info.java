/// What KVM keeps of the VMs that have an SEV context, apart from their memory: initialisation, moves and mirrors within a host,
/// registered regions. Knows no machine: it decides who may do what, the machine does it.
@NullMarked
package org.enclosure.snp.kvm;

import org.jspecify.annotations.NullMarked;
