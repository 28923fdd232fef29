/// The machine's memory: native calls, the flat view by address, host frames and who hands them out.
///
/// Nothing here knows of guests. The floors, lowest first: [NativeCalls][org.enclosure.core.mem.NativeCalls] (reserve
/// without commit, give back, barrier, each with a way to do without), [Raw][org.enclosure.core.mem.Raw] (loads and
/// stores by absolute address), [LazyMemory][org.enclosure.core.mem.LazyMemory] and
/// [HostMemory][org.enclosure.core.mem.HostMemory] (what is reserved),
/// [FrameAllocator][org.enclosure.core.mem.FrameAllocator] with
/// [FrameMagazine][org.enclosure.core.mem.FrameMagazine] and [FrameList][org.enclosure.core.mem.FrameList].
///
/// Units: an *address* is an absolute virtual byte address of this process; a `pfn` is a host frame number, and
/// `pfn * 4096` the host physical address; an *order* is the binary logarithm of a number of frames (0 = 4K, 9 = 2M,
/// 18 = 1G). After construction nothing in this package allocates on the Java heap.
///
/// System properties, read once: `enclosure.native` (`auto`, `off`), `enclosure.memory` (`flat`, `bounded`),
/// `enclosure.access.order` (`auto`, `asymmetric`, `symmetric`).
@NullMarked
package org.enclosure.core.mem;

import org.jspecify.annotations.NullMarked;
