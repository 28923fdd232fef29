/// Which host frames hold the pages of a store: [FolioMap][org.enclosure.core.folio.FolioMap], from page offsets (pgoff) to
/// folios of order 0 (4K), 9 (2M) and 18 (1G).
///
/// An entry moves between these states. What fills a hole or zeroes a folio runs on any thread and owns the entry while it
/// is BUSY; what takes away, splits, merges or marks comes from one mutator at a time.
///
/// ```
///          fill                         zeroed            mutator
///  HOLE ---------> BUSY ---------------------------+----------> HOLE (removed)
///   ^                |  not zeroed                 |
///   |  no memory     +----------> PRESENT_UNZEROED |----------> TABLE (split)
///   +----------------+                 | zero      |
///   |                |                 +-> BUSY -> PRESENT
///   |  (mutator)     +-> TABLE: no block of this order; look at the 512 entries below
///   +-- TABLE
/// ```
@NullMarked
package org.enclosure.core.folio;

import org.jspecify.annotations.NullMarked;
