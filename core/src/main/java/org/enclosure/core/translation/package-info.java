/// How translations are held, invalidated and taken back: marks, the invalidate sequence, the shootdown, the soft TLB.
///
/// The protocol, its invariants and what each fence is paired with: `docs/translation.md` and `docs/locking.md`.
@NullMarked
package org.enclosure.core.translation;

import org.jspecify.annotations.NullMarked;
