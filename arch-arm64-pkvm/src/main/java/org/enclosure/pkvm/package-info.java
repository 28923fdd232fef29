/// arm64 pKVM: KVM's protected mode, in which a small hypervisor at EL2 takes the host's kernel out of the trusted base.
///
/// ```
/// PkvmProvider      identity and VM types                                     the only way in
///   wire            SMCCC calls, descriptors, annotations, the page record    for guests
///   machine         EL2: host stage 2, guest stage 2, page states             knows PhysicalMemory and nothing else
///   host            what KVM at EL1 does with it                              Platform, VmBackend, GuestTable, VcpuBackend
///   guest           what Linux does as a protected guest                      GuestDriver
///   launch          the payload, and a transcript of it                       LaunchPlanner, LaunchSession
///   ops             EL2's calls as a table                                    ArchOperations
/// ```
///
/// Two VM types: in a `protected` one every page is donated to the guest, which shares single pages back; in an `unprotected`
/// one the host shares its pages with the guest. Conversions happen in place, page by page, at EL2, and only the guest can ask
/// for them. Source of the rules: the Linux kernel's `Documentation/virt/kvm/arm` (hypercalls, pkvm) and the list threads of its
/// protected-guest series; where kernels differ a profile is chosen ([org.enclosure.pkvm.machine.Profile]).
@NullMarked
package org.enclosure.pkvm;

import org.jspecify.annotations.NullMarked;
