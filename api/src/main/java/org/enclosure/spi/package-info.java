/// What an architecture plugin implements.
///
/// One chain of small factories, one per lifetime:
/// [ArchitectureProvider] (found through `ServiceLoader`) opens a [Platform] (host-wide tables), which creates a
/// [VmBackend] per VM, which has one [GuestTable] (what the host asks) and creates a [VcpuBackend] per vCPU (entry, exit,
/// admission, guest instructions). A plugin never calls the engine: it gets plain data in contexts and answers with status
/// words ([Status]). The engine implements no interface of this package.
///
/// ## Rules
/// Tests of the conformance kit carry these numbers in their names.
///
/// - **LOAD-1** `id()`, `spiVersion()` and `vmTypes()` work before `open`, at any time, on any thread, and always answer the
///   same. **LOAD-2** the provider is declared both in `module-info` (`provides`) and in `META-INF/services`. **LOAD-3** the
///   traits of a VM type do not contradict one another ([VmTraits]). **LOAD-4** `open` needs nothing but its
///   [PlatformContext].
/// - **MAP-1** `map` is atomic: it maps or changes nothing. **MAP-2** the loser of a race of two maps of one page gets
///   SPURIOUS or RETRY. **MAP-3** a frame that belongs to another VM is DENIED, with the owner in the detail.
/// - **BLK-1** `block` checks the whole range before it blocks the first page. **BLK-2** `map` of a page that is blocked puts
///   it back.
/// - **REM-1** `remove` reports what became of the content in [TableWork#content]; what it reports is true of all pages that
///   it did. Where the next pages differ (these were wiped, the next are not in the tables) it says LOST, or stops and says MORE.
/// - **FRM-1** a frame popped from a [FrameCache] is in a table, or back in the cache, when the call returns. Frames in a
///   cache are zero; a frame that is pushed back need not be.
/// - **WAIT-1** no call waits (it tries, and answers RETRY) and none returns holding a lock.
/// - **STALE-1** whatever revokes access outside of `block` .. `remove` says STALE with the range in the detail.
/// - **RAW-1** a plugin's host layer changes its tables only through machine operations that [ArchOperations] lists too.
///   **RAW-2** operations take physical addresses and handles, never engine objects. **RAW-3** the machine never allocates
///   frames and never remembers a VM object. **RAW-4** white-box state is read and forced only through operations with effect
///   TEST.
/// - **STATUS-1** each call answers only with the statuses and flags that its documentation names.
/// - **ADM-1** `admit` answers a leaf whose frame is aligned to its level and which permits the access. **ADM-2** it admits no
///   private page that was taken from the tables, and no leaf to a frame that is not this VM's for this page. **ADM-3** it throws
///   for no access.
/// - **CALL-1** a request is one of the constants of [GuestCall], for at least one page. **CALL-2** after a driver's `share` guest
///   and host reach the page, after `unshare` the guest alone; a request for what is so already harms nobody. **CALL-3** a request
///   that was refused leaves the kind, and the guest is told where the type has REFUSAL_TOLD. **CALL-4** no instruction with any
///   registers makes the plugin throw. **CALL-5** the bytes of a private page survive its conversion where the type has
///   CONTENT_KEPT; else nobody gets to see them.
/// - **LAUNCH-1** the plan has every page of the image once, and the guest finds it there. **LAUNCH-2** the planner measures what
///   the launch measures. **LAUNCH-3** the digest is the same for the same image, and another for another. **LAUNCH-4** an option
///   that is not known is refused by name.
/// - **OPS-1** operations have unique names, fields with a meaning, and a source. **OPS-2** any operands are answered by a status
///   or an [IllegalArgumentException]. **OPS-3** an operation with effect READS changes nothing.
///
/// ## Who calls what, on which thread
/// | call | thread | the engine holds | runs against |
/// |---|---|---|---|
/// | admit, trap | the vCPU, in guest | its access mark | map, admit, trap of others; never block .. remove of that range |
/// | map | the vCPU (out of guest) or the engine | its fault mark, or begin .. end | other maps |
/// | block, convert, remove, resize | the engine | store exclusive, begin .. end, marks drained | maps and fills outside of the range |
/// | flush | the engine | the same and the VM's flush lock | enter and leave of other vCPUs |
/// | enter, leave | the vCPU, or whoever kicks it | the vCPU's state word, which serialises the two | everything |
/// | answer | the vCPU, out of guest | its access mark | everything |
/// | hostAccess | a host thread | nothing | everything |
/// | page, finish | the launching thread | slots, store exclusive; no vCPU has run | nothing |
/// | invoke on a live host | an operator | all VMs stopped | nothing |
/// | teardown | the closing thread | store exclusive, no vCPU | other VMs |
///
/// Levels are 1 = 4K, 2 = 2M, 3 = 1G. Vendor words never stand in this package: the neutral ones are kind, accept,
/// unaccepted, junk, poisoned, denied, abort.
@NullMarked
package org.enclosure.spi;

import org.jspecify.annotations.NullMarked;
