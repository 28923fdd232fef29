/// The fault core: from a gfn that has no translation to one that has, or to an exit. It never converts.
///
/// Flow and invariants: `docs/fault.md`.
@NullMarked
package org.enclosure.core.fault;

import org.jspecify.annotations.NullMarked;
