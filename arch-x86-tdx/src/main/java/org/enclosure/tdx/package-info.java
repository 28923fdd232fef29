/// The Intel TDX architecture as a plugin.
///
/// | package | holds |
/// |---|---|
/// | `machine` | the TDX module: PAMT, secure EPT, epochs and the leaves on them |
/// | `wire` | layouts and numbers |
/// | `ops` | the leaves by their real names |
/// | `host` | what KVM does with them |
/// | `guest` | what a TDX guest does |
/// | `launch` | which pages are measured, and to what |
@NullMarked
package org.enclosure.tdx;

import org.jspecify.annotations.NullMarked;
