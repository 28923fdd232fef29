/// Who has written which page: bits that are set when a translation for writing comes into a TLB, and taken out before that
/// translation is shot down. Flow and proof: `docs/dirty-log.md`.
@NullMarked
package org.enclosure.core.dirty;

import org.jspecify.annotations.NullMarked;
