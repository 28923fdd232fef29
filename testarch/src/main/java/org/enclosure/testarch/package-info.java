/// The smallest architecture plugin there is: the example for authors of plugins, and what the engine's own tests run on.
///
/// ```
/// TestProvider      identity and VM types                                the only way in
///   wire            instructions and layouts                             for guests
///   machine         silicon and firmware: frame table, stage 2, epochs   knows PhysicalMemory and nothing else
///   host            what a hypervisor does with it                       Platform, VmBackend, GuestTable, VcpuBackend
///   guest           what a guest kernel does                             GuestDriver
///   launch          what a launch consists of, and its digest            LaunchPlanner, LaunchSession
///   ops             the machine's operations as a table                  ArchOperations
/// ```
///
/// Each VM type stands for one way in which real architectures work: with `core-owned` the engine has both halves of stage 2 and
/// a host-wide table says who owns a frame; with `backend-owned` the private half is a table of the plugin's, which is changed in
/// two phases, block and remove, with a flush in between that makes vCPUs leave; `backend-both` has the shared half in that
/// table, too.
@NullMarked
package org.enclosure.testarch;

import org.jspecify.annotations.NullMarked;
