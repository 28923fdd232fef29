/// The Arm Confidential Compute Architecture as a plugin.
///
/// ```
/// CcaProvider       identity and VM types                                       the only way in
///   wire            registers, pages and entries that RMM, host and realm share  for guests
///   machine         EL3 with the GPT, and the RMM                                knows PhysicalMemory and nothing else
///   host            what KVM does with it                                        Platform, VmBackend, GuestTable, VcpuBackend
///   guest           what Linux does as a realm                                   GuestDriver
///   launch          what a launch consists of, and its RIM                       LaunchPlanner, LaunchSession
///   ops             the machine's commands as a table                            ArchOperations
/// ```
@NullMarked
package org.enclosure.cca;

import org.jspecify.annotations.NullMarked;
