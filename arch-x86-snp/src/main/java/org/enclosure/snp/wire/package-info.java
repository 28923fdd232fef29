/// Layouts: what lies where in RMP entries, the GHCB page, its MSR protocol and page state change buffers, and which number is
/// which register and instruction for a guest program. Static methods on plain words; nothing is allocated.
@NullMarked
package org.enclosure.snp.wire;

import org.jspecify.annotations.NullMarked;
