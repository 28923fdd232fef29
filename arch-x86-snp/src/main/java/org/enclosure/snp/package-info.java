/// SEV-SNP, SEV-ES and SEV: the plugin `x86-snp`.
///
/// ```
/// SnpProvider     identity and VM types                                        the only way in
///   wire          layouts: RMP entry, RMP state, GHCB page, MSR protocol, PSC   for guests, too
///   launch        page info chain, VMSA, hash table, firmware metadata, plan    knows wire
///   machine       silicon and firmware: RMP, its instructions, access checks,   knows PhysicalMemory, wire and the digest
///                 page states
///   host          what KVM does with them                                       Platform, VmBackend, GuestTable, VcpuBackend
///   guest         what a Linux guest does                                       GuestDriver
///   catalog       how a table of operations is written down
///   kvm           what KVM keeps of SEV contexts: init, move, mirror, regions   knows nothing
///   ops           the machine's operations as a table                           ArchOperations
/// ```
@NullMarked
package org.enclosure.snp;

import org.jspecify.annotations.NullMarked;
