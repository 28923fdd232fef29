/// The conversion engine: takes pages from everybody who can reach them and changes what they are. It never resolves faults.
///
/// Flow, order of locks and invariants: `docs/conversion.md`.
@NullMarked
package org.enclosure.core.convert;

import org.jspecify.annotations.NullMarked;
