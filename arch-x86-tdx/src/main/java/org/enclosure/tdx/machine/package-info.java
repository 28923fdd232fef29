/// The TDX module as a machine: PAMT, secure EPT, epochs and the SEAMCALL and TDCALL leaves on them, each an ordered list of checks
/// and then a commit. It knows nothing but [org.enclosure.spi.PhysicalMemory]; all state is keyed by physical address.
@NullMarked
package org.enclosure.tdx.machine;

import org.jspecify.annotations.NullMarked;
