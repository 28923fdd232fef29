/// Layouts and numbers of Intel TDX: secure EPT entries, status words, operands, call numbers. No state.
@NullMarked
package org.enclosure.tdx.wire;

import org.jspecify.annotations.NullMarked;
